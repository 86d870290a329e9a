use halfgate::channel::{Hello, Operation};

/// Decodes control messages; what is accepted encodes to a message that decodes to the same.
pub(crate) fn body(data: &[u8]) {
    if let Ok(operation) = Operation::decode(data) {
        let bytes = operation.encode().expect("it was within the limits");
        assert_eq!(Operation::decode(&bytes).expect("our own message"), operation);
    }
    if let Ok(hello) = Hello::decode_body(data) {
        assert!(hello.encode().is_ok(), "it was within the limits");
    }
}
