//! Names of entities: Presidio's own where one exists, else the category in capitals.

use crate::category::Category;

/// A pattern whose subject has a name of its own, without being a subcategory.
const IP: (&str, &str) = ("identifier/ip", "IP_ADDRESS");

/// The entity a finding is. `rule` is what weighed most in it.
pub fn entity(category: Category, subcategory: Option<&str>, rule: &str) -> String {
    match (category, subcategory) {
        (Category::Nir, _) => "FR_NIR".to_owned(),
        (Category::Identifier, Some("phone")) => "PHONE_NUMBER".to_owned(),
        (Category::Identifier, Some("email")) => "EMAIL_ADDRESS".to_owned(),
        (Category::Identifier, Some("address")) => "LOCATION".to_owned(),
        (Category::Identifier, Some("birth_date")) => "DATE_TIME".to_owned(),
        (Category::Identifier, Some("iban")) => "IBAN_CODE".to_owned(),
        (Category::Identifier, Some("payment_card")) => "CREDIT_CARD".to_owned(),
        (Category::Identifier, None) if rule == IP.0 => IP.1.to_owned(),
        _ => category.id().to_ascii_uppercase(),
    }
}

/// Every name, sorted.
pub fn all() -> Vec<String> {
    let mut names = vec![IP.1.to_owned()];
    for category in Category::ALL {
        let subcategories = category.subcategories().iter().map(|s| Some(*s));
        names.extend(std::iter::once(None).chain(subcategories).map(|s| entity(category, s, "")));
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_in_capitals_and_presidios_names_are_used() {
        let all = all();
        for name in ["HEALTH", "RELIGION_BELIEF", "EMAIL_ADDRESS", "FR_NIR", "IDENTIFIER", "IP_ADDRESS"] {
            assert!(all.iter().any(|n| n == name), "{name}");
        }
        assert!(!all.iter().any(|n| n == "NIR"));
        assert_eq!(entity(Category::Identifier, None, "identifier/ip"), "IP_ADDRESS");
    }
}
