//! The two check character systems of ISO 7064 that Chinese numbers use.

/// MOD 11,10: the check digit for a run of decimal digits. Catches every single wrong digit.
pub fn mod_11_10(digits: &[u32]) -> u32 {
    let product = digits.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        let sum = if sum == 0 { 10 } else { sum };
        sum * 2 % 11
    });
    (11 - product) % 10
}

/// MOD 11-2: the check character (`0`–`9` or `X`) for a run of decimal digits.
pub fn mod_11_2(digits: &[u32]) -> char {
    let sum = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        value => char::from_digit(value, 10).unwrap_or('0'),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::licence::normal::digits;

    /// The pure system and the weight table printed in GB 11643 are the same thing.
    #[test]
    fn pure_system_equals_the_printed_weights() {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const MAP: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
        for seed in 0_u64..500 {
            let text = format!(
                "{:017}",
                seed * 199_999_999_999_981 % 100_000_000_000_000_000
            );
            let run = digits(&text).unwrap();
            let sum: u32 = run.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
            assert_eq!(mod_11_2(&run), MAP[(sum % 11) as usize], "{text}");
        }
    }
}
