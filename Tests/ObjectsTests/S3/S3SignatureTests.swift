import Testing

@testable import Objects

/// The published vectors of AWS Signature Version 4.
@Suite struct S3SignatureTests {
    /// A vector of the AWS Signature Version 4 test suite (service `service`, 2015-08-30T12:36:00Z).
    struct SuiteVector: CustomTestStringConvertible {
        let name: String
        let method: String
        let path: String
        let query: [(String, String)]
        let headers: [(String, String)]
        let signature: String
        var testDescription: String { name }
    }

    static let suite: [SuiteVector] = [
        .init(
            name: "get-vanilla", method: "GET", path: "/", query: [], headers: [],
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        .init(
            name: "get-vanilla-query-order-key-case", method: "GET", path: "/",
            query: [("Param2", "value2"), ("Param1", "value1")], headers: [],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        .init(
            name: "get-vanilla-empty-query-key", method: "GET", path: "/", query: [("Param1", "value1")], headers: [],
            signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        .init(
            name: "post-vanilla", method: "POST", path: "/", query: [], headers: [],
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ]

    @Test(arguments: suite)
    func theSuitesVectorsAreMet(_ vector: SuiteVector) {
        let signature = S3Signature(
            credentials: S3Credentials(
                accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service")
        let time = "20150830T123600Z"
        let value = signature.authorization(
            .init(
                method: vector.method, path: vector.path, query: vector.query,
                headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", time)] + vector.headers,
                payloadDigest: S3Signature.digest("")),
            time: time)
        #expect(
            value == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, Signature=\(vector.signature)")
    }

    /// The examples of "Authenticating Requests: Using the Authorization Header" in the S3 API reference.
    @Test func theExamplesOfTheS3ReferenceAreMet() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let text = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        #expect(S3Signature.digest("") == empty && S3Signature.digest("Welcome to Amazon S3.") == text)
        let cases: [(String, String, [(String, String)], [(String, String)], String, String)] = [
            (
                "GET", "/test.txt", [], [("Range", "bytes=0-9")], empty,
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
            ),
            (
                "PUT", "/test%24file.text", [],
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")], text,
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
            ),
            (
                "GET", "/", [("lifecycle", "")], [], empty,
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
            ),
            (
                "GET", "/", [("max-keys", "2"), ("prefix", "J")], [], empty,
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
            ),
        ]
        let signature = S3Signature(
            credentials: S3Credentials(
                accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "s3")
        for (method, path, query, headers, digest, expected) in cases {
            let fixed = [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", digest),
                ("x-amz-date", "20130524T000000Z"),
            ]
            let value = signature.authorization(
                .init(method: method, path: path, query: query, headers: fixed + headers, payloadDigest: digest),
                time: "20130524T000000Z")
            #expect(value.hasSuffix("Signature=\(expected)"), "\(method) \(path)")
        }
        #expect(S3Signature.encoded("test$file.text", keeping: [0x2F]) == "test%24file.text")
    }

    @Test func headersAreTrimmedJoinedAndSorted() {
        let headers = S3Signature.canonicalHeaders([
            ("My-Header2", "  a   b  "), ("My-Header1", "value4"), ("my-header1", "value1"),
        ])
        #expect(headers.map { "\($0.0):\($0.1)" } == ["my-header1:value4,value1", "my-header2:a b"])
    }
}
