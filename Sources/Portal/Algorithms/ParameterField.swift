import Resources

/// The control for a parameter: of the kind that its type asks for, with its bounds, its default and its help.
struct ParameterField {
    /// Nil where the operator does not say what it takes.
    let parameter: ParameterView?
    let name: String
    /// The label; the parameter's own name where nil.
    var words: Words?

    /// - Parameter value: as typed; nil for the default.
    func html(_ visit: Visit, value: String?) -> HTML {
        let id = "field-\(name)"
        let isWrong = value.map { text in parameter.map { $0.value(text) == nil } ?? false } ?? false
        return tag("div", .class("field")) {
            tag("label", Attribute("for", id)) {
                words.map { HTML($0) } ?? parameter?.words.map { HTML($0) } ?? plain(name)
                if words != nil || parameter?.words != nil {
                    plain(" ")
                    tag("code") { plain(parameter?.name ?? name) }
                }
            }
            if let parameter {
                let help = parameter.help
                tag("p", .class("hint"), .id("\(id)-hint"), OperatorTexts.language(help?.summary)) {
                    help.map { HTML($0.summary) } ?? plain(parameter.summary)
                    if isWrong {
                        plain(" ")
                        tag("strong", .class("bad")) {
                            help.map { HTML($0.wanted) } ?? plain("Wanted: \(parameter.wanted).")
                        }
                    }
                }
            }
            control(id, value: visit.typed.whole(name) ?? value, isWrong: isWrong)
        }
    }

    private func control(_ id: String, value: String?, isWrong: Bool) -> HTML {
        let common: [Attribute] = [
            .id(id), Attribute("name", name), .flag("required", parameter?.isRequired ?? false),
            .optional("aria-describedby", parameter == nil ? nil : "\(id)-hint"),
            .optional("aria-invalid", isWrong ? "true" : nil),
        ]
        let shown = value ?? parameter?.defaultText
        switch parameter?.form {
        case .boolean: return choices(["true", "false"], shown, common)
        case .choice(let words): return choices(words, shown, common)
        case .integer(let least, let most):
            return input(
                "number", shown,
                common + [
                    .optional("min", least > -(1 << 53) ? "\(least)" : nil),
                    .optional("max", most < 1 << 53 ? "\(most)" : nil), Attribute("step", "1"),
                ])
        case .number(let least, let most):
            return input(
                "number", shown,
                common + [
                    .optional("min", least.isFinite ? "\(least)" : nil),
                    .optional("max", most.isFinite ? "\(most)" : nil),
                    Attribute("step", "any"),
                ])
        case .text(_, let most): return input("text", shown, common + [Attribute("maxlength", "\(most)")])
        case nil: return input("text", shown, common)
        }
    }

    private func input(_ type: String, _ value: String?, _ attributes: [Attribute]) -> HTML {
        void("input", [Attribute("type", type), .optional("value", value)] + attributes)
    }

    private func choices(_ words: [String], _ chosen: String?, _ attributes: [Attribute]) -> HTML {
        tag("select", attributes) {
            for word in words {
                tag("option", Attribute("value", word), .flag("selected", word == chosen)) {
                    OperatorWords.choices[word].map { HTML($0) } ?? plain(word)
                }
            }
        }
    }
}
