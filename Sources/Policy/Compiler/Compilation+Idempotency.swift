extension Compilation {
    /// Checks what `idempotency` says.
    mutating func lowerRepeats() -> RepeatTreatment {
        let stated = document.idempotency
        if let body = stated.body, body.value > stated.treatment.bytesPerTenantMax {
            log.error(
                .invalidValue,
                "a body of \(NumberText.bytes(body.value)) never fits into the "
                    + "\(NumberText.bytes(stated.treatment.bytesPerTenantMax)) of one tenant", at: body.span,
                suggestion: "write at most `body: \(NumberText.bytes(stated.treatment.bytesPerTenantMax))`, or more "
                    + "`bytes`")
        }
        return stated.treatment
    }
}
