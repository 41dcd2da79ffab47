extension Visit {
    /// A form of a change: POST, with the token of the browser and the key under which it is done once.
    ///
    /// - Parameters:
    ///   - key: whether the API does this under a key.
    ///   - confirm: asked by a script before it is sent.
    func form(
        _ path: String, key hasKey: Bool = true, class names: String = "form", confirm: Words? = nil,
        attributes: [Attribute] = [], @HTMLBuilder content: () throws -> HTML
    ) rethrows -> HTML {
        var all: [Attribute] = [Attribute("method", "post"), .action(path), .class(names)]
        if let confirm { all.append(Attribute("data-confirm", confirm)) }
        return try tag("form", all + attributes) {
            void(
                "input", Attribute("type", "hidden"), Attribute("name", Form.token),
                Attribute("value", formToken.masked))
            if hasKey {
                void(
                    "input", Attribute("type", "hidden"), Attribute("name", Form.key),
                    Attribute("value", FormToken.requestKey()))
            }
            try content()
        }
    }

    /// The place in a form that asks: a GET form's own query takes the place of the one in its address.
    var placeFields: HTML {
        placed().reduce(into: HTML()) { fields, pair in
            if let value = pair.1 { fields.append(hidden(pair.0, value)) }
        }
    }

    /// A form that only asks: GET, so that what was asked is in the address. The place is kept.
    func filter(_ path: String, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
        try tag("form", Attribute("method", "get"), .action(path), .class("filter"), Attribute("role", "search")) {
            placeFields
            try content()
            tag("button") { Words("Show", "显示") }
        }
    }

    /// A field of one line. It keeps what was typed when the form could not be done.
    ///
    /// - Parameters:
    ///   - type: of HTML's `input`: `text`, `password` (never kept), `number`, `date`.
    ///   - hint: what is wanted, under the label.
    func field(
        _ name: String, _ label: Words, type: String = "text", value: String? = nil, hint: Words? = nil,
        isRequired: Bool = false, more: [Attribute] = []
    ) -> HTML {
        let kept = type == "password" ? nil : typed.whole(name) ?? value
        let id = "field-\(name)"
        return tag("div", .class("field")) {
            tag("label", Attribute("for", id)) { label }
            hint.map { words in tag("p", .class("hint"), .id("\(id)-hint")) { words } }
            void(
                "input",
                [
                    Attribute("type", type), .id(id), Attribute("name", name), .optional("value", kept),
                    .flag("required", isRequired), .optional("aria-describedby", hint == nil ? nil : "\(id)-hint"),
                    invalid(name),
                ] + more)
        }
    }

    /// A field of several lines.
    func area(
        _ name: String, _ label: Words, value: String? = nil, rows: Int = 6, hint: Words? = nil,
        isRequired: Bool = false
    ) -> HTML {
        let id = "field-\(name)"
        return tag("div", .class("field")) {
            tag("label", Attribute("for", id)) { label }
            hint.map { words in tag("p", .class("hint"), .id("\(id)-hint")) { words } }
            tag(
                "textarea", .id(id), Attribute("name", name), Attribute("rows", "\(rows)"),
                .flag("required", isRequired), Attribute("spellcheck", "false"),
                .optional("aria-describedby", hint == nil ? nil : "\(id)-hint"), invalid(name)
            ) { plain("\n" + (typed.whole(name) ?? value ?? "")) }
        }
    }

    /// A list to choose one of.
    ///
    /// - Parameter options: value and what is shown.
    func choice(
        _ name: String, _ label: Words, _ options: [(value: String, shown: HTML)], chosen: String? = nil,
        hint: Words? = nil, isRequired: Bool = false
    ) -> HTML {
        let id = "field-\(name)"
        let chosen = typed.whole(name) ?? chosen
        return tag("div", .class("field")) {
            tag("label", Attribute("for", id)) { label }
            hint.map { words in tag("p", .class("hint"), .id("\(id)-hint")) { words } }
            tag(
                "select", .id(id), Attribute("name", name), .flag("required", isRequired),
                .optional("aria-describedby", hint == nil ? nil : "\(id)-hint"), invalid(name)
            ) {
                for option in options {
                    tag("option", Attribute("value", option.value), .flag("selected", option.value == chosen)) {
                        option.shown
                    }
                }
            }
        }
    }

    /// A box to tick.
    func box(_ name: String, _ label: HTML, value: String = "yes", isTicked: Bool = false) -> HTML {
        let isTicked = typed.isEmpty ? isTicked : typed.all(name).contains(value)
        return tag("label", .class("box")) {
            void(
                "input", Attribute("type", "checkbox"), Attribute("name", name), Attribute("value", value),
                .flag("checked", isTicked))
            label
        }
    }

    /// Several boxes under one question.
    func boxes(
        _ name: String, _ title: Words, _ options: [(value: String, shown: HTML)], ticked: Set<String> = []
    ) -> HTML {
        tag("fieldset") {
            tag("legend") { title }
            for option in options {
                box(name, option.shown, value: option.value, isTicked: ticked.contains(option.value))
            }
        }
    }

    /// A button with a form around it, for what needs nothing typed.
    func button(
        _ path: String, _ words: Words, class names: String = "", key: Bool = true, confirm: Words? = nil,
        hidden: [(String, String)] = []
    ) -> HTML {
        form(path, key: key, class: "inline", confirm: confirm) {
            for (name, value) in hidden {
                void("input", Attribute("type", "hidden"), Attribute("name", name), Attribute("value", value))
            }
            tag("button", .class(names)) { words }
        }
    }

    private func invalid(_ name: String) -> Attribute { .optional("aria-invalid", isWrong(name) ? "true" : nil) }

    /// Whether the problem is about a field of this name: `displayName`, `spec.displayName`.
    private func isWrong(_ name: String) -> Bool {
        guard let problem else { return false }
        return ([problem] + problem.parts).contains { part in
            let last = part.place?.split(separator: " ").first?.split(separator: ".").last
            return last.map { $0 == Substring(name) } ?? false
        }
    }
}
