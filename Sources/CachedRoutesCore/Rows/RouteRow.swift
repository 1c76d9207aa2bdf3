/// A row of a statement whose columns a lock knows. The types that are generated for routes conform to it.
///
/// The result of a handler that is a row, or an array of rows, is written by ``RowEncoder``.
public protocol RouteRow: Codable, Hashable, Sendable {}

/// Several rows, as the result of a handler.
protocol RouteRows {}

extension Array: RouteRows where Element: RouteRow {}
