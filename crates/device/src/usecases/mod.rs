//! What a person does, one file per noun. Every tap is one transaction, committed before the answer.
