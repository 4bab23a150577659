/// Words that are in the first guesses of everybody: the head of the usual lists of leaked passwords, as far as longer
/// passwords are made of them, and what belongs to the context.
///
/// A list of words and not of whole passwords: `password2026!!!` is on no list, and is tried all the same.
enum CommonPasswords {
    /// The words, in small letters.
    static let words: [[Unicode.Scalar]] = text.split(whereSeparator: \.isWhitespace).map { Array($0.unicodeScalars) }

    private static let text = """
        password passw0rd p@ssword p@ssw0rd pa55word pass1234 passwort motdepasse contraseña
        123456 1234567 12345678 123456789 1234567890 0123456789 987654321 1234 12345 4321 123123 123321 111111 112233
        121212 123qwe 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 159753 654321 666666 696969 777777 000000 qazwsx zaq12wsx
        qwerty qwerty123 qwertyuiop qwert asdfgh asdfghjkl asdf zxcvbn zxcvbnm azerty qwertz abc123 abcdef abcd1234
        abcd iloveyou princess sunshine football baseball basketball superman batman dragon monkey shadow master
        michael jordan jennifer hunter charlie daniel thomas robert letmein welcome welcome1 login access whatever
        trustno1 starwars freedom computer internet samsung google facebook secret secret123 changeme change
        default admin admin123 administrator root toor guest user test test123 testing demo temp hello hello123
        summer winter spring autumn january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday company office server system service security
        headgate gateway operator ratelimit
        """
}
