package import NIOCore
package import NIOHTTP1

/// Decodes requests, and goes on after one with `Upgrade`.
///
/// NIO's decoder stops for good at such a request, because the bytes that follow may be of another protocol. This
/// server upgrades to none, so the connection stays HTTP/1.1 (RFC 9110, 7.8); curl's `--http2` and Java's client ask
/// for an upgrade by default. A decoder that has stopped is therefore replaced by a new one.
package final class UpgradeIgnoringRequestDecoder: ByteToMessageDecoder {
    package typealias InboundOut = HTTPServerRequestPart

    private let limits: NIOHTTPDecoderLimitConfiguration
    private var decoder: HTTPRequestDecoder
    /// True once the decoder has reached the end of a request after which it stops.
    private var hasStopped = false

    /// - Parameter limits: the limits of request heads.
    package init(limits: NIOHTTPDecoderLimitConfiguration) {
        self.limits = limits
        decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
    }

    /// Notes that the decoder has read the end of a request that stops it. Called while it decodes.
    package func stops() { hasStopped = true }

    package func decoderAdded(context: ChannelHandlerContext) { decoder.decoderAdded(context: context) }

    package func decoderRemoved(context: ChannelHandlerContext) { decoder.decoderRemoved(context: context) }

    package func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        var state = try decoder.decode(context: context, buffer: &buffer)
        while replace(context), buffer.readableBytes > 0 {
            state = try decoder.decode(context: context, buffer: &buffer)
        }
        return state
    }

    package func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws
        -> DecodingState
    {
        while buffer.readableBytes > 0, case .continue = try decode(context: context, buffer: &buffer) {}
        return try decoder.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }

    private func replace(_ context: ChannelHandlerContext) -> Bool {
        guard hasStopped else { return false }
        hasStopped = false
        decoder.decoderRemoved(context: context)
        decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        decoder.decoderAdded(context: context)
        return true
    }
}
