extension NodeReader {
    /// A reader whose messages show the examples in the tables of settings.
    static func forManifest(_ diagnostics: Diagnostics) -> NodeReader {
        NodeReader(diagnostics: diagnostics, settingExamples: examplesOfSettings)
    }

    private static let examplesOfSettings: [String: String] = {
        let settings =
            RouteSettings.table.map { ($0.name, $0.example) } + CacheSettings.table.map { ($0.name, $0.example) }
        return settings.reduce(into: [:]) { examples, setting in
            if let example = setting.1 { examples[setting.0] = example }
        }
    }()
}
