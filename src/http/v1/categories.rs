//! `GET /v1/categories`: the taxonomy.

use axum::response::Response;
use serde::Serialize;

use crate::category::Category;
use crate::http::openapi::Refusals;
use crate::http::problem::Problem;
use crate::http::reply;

/// One category of the taxonomy.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CategoryInfo {
    #[schema(example = "health")]
    id: &'static str,
    /// French name.
    #[schema(example = "Santé")]
    label: &'static str,
    #[schema(example = "RGPD art. 9(1), 4(15)")]
    legal_basis: &'static str,
    /// Whether it is a special category of GDPR article 9(1).
    special_category: bool,
    /// What stands for the words found in a redacted note, between square brackets.
    #[schema(example = "santé")]
    placeholder: &'static str,
    #[schema(value_type = Vec<String>)]
    subcategories: &'static [&'static str],
}

/// Every category, in the order of the taxonomy.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CategoryList {
    categories: Vec<CategoryInfo>,
}

/// List the categories
#[utoipa::path(
    get, path = "/v1/categories", tag = "reference", operation_id = "categories",
    responses((status = 200, description = "The categories", body = CategoryList), Refusals),
)]
pub async fn get() -> Result<Response, Problem> {
    let categories = Category::ALL
        .into_iter()
        .map(|c| CategoryInfo {
            id: c.id(),
            label: c.label(),
            legal_basis: c.legal_basis(),
            special_category: c.is_special(),
            placeholder: c.placeholder(),
            subcategories: c.subcategories(),
        })
        .collect();
    reply::json(&CategoryList { categories })
}
