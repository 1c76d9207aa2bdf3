extension OtherToolKeyNames {
    /// Names of a table's settings in other tools, by the settings' names.
    private static func names<Settings>(of table: [Setting<Settings>]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: table.filter { !$0.otherNames.isEmpty }.map { ($0.name, $0.otherNames) })
    }

    static let route = OtherToolKeyNames(
        [
            "summary": "description title comment doc docs help",
            "query": "queryparameters queryparams querystring qs filters",
            "query,path": "params args arguments inputs variables",
            "path,query,header": "parameters",
            "path": "pathparameters pathparams urlparams",
            "header": "headerparameters headerparams requestheaders",
            "body": "requestbody payload data json form formdata bodyparameters bodyparams",
            "sql": "statement select sqlquery sqlstatement stmt command",
            "sql-file": "file sqlpath queryfile statementfile",
            "handler: swift": "function controller action",
        ].merging(names(of: RouteSettings.table)) { own, _ in own },
        explained: [
            "authentication is the app's; its user comes as a context input, such as context: { userID: uuid }":
                authentication.joined(separator: " "),
            "a route's name is the key it stands under": "name id operationid",
        ]
    )

    static let cache = OtherToolKeyNames(
        names(of: CacheSettings.table),
        explained: [
            "each combination of the route's inputs has a response of its own; declare what it depends on as an input":
                "key keys vary varyby"
        ]
    )
}
