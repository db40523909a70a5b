"""The fourteen categories, in the order of every model output and label matrix."""

CATEGORIES: tuple[str, ...] = (
    "health",
    "ethnic_origin",
    "political_opinion",
    "religion_belief",
    "trade_union",
    "sex_life",
    "genetic",
    "biometric",
    "offence",
    "nir",
    "socioeconomic",
    "private_life",
    "judgement",
    "identifier",
)
INDEX: dict[str, int] = {name: i for i, name in enumerate(CATEGORIES)}
COUNT: int = len(CATEGORIES)
