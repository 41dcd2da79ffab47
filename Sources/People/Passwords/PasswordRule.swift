public import Faults

/// What a password must be: long. Nothing is asked of its characters (NIST SP 800-63B-4, 3.1.1.2).
public enum PasswordRule {
    /// Bytes of UTF-8.
    public static let length = 12...1024

    /// - Throws: `PeopleFaults.weakPassword`, which says nothing of the password.
    public static func check(_ password: [UInt8], of user: String) throws(Fault) {
        let isSame = password.elementsEqual(user.utf8)
        let isOneByte = Set(password).count < 4
        guard length.contains(password.count), !isSame, !isOneByte else {
            throw Fault(
                PeopleFaults.weakPassword, at: "password",
                wanted:
                    "\(length.lowerBound) to \(length.upperBound) bytes, four different ones or more, and not the name")
        }
    }
}
