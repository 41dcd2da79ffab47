/// The hub is where routes find their links.
extension LinkHub: RouteLinks {}
