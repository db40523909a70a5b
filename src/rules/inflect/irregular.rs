//! Verbs whose forms no rule gives, each with those built on it ("venir" also serves "devenir").

/// The stems of an irregular verb.
pub struct Irregular {
    /// The infinitive, or the ending a family of infinitives shares.
    pub infinitive: &'static str,
    /// Present: je, il, ils (the tu form is that of je).
    pub present: [&'static str; 3],
    /// Imperfect without its ending; the present participle is this with `-ant`.
    pub imperfect: &'static str,
    /// Future and conditional without their ending.
    pub future: &'static str,
    pub participle: &'static str,
    /// Other frequent forms (subjunctives, a participle of its own).
    pub others: &'static [&'static str],
}

const fn row(
    infinitive: &'static str,
    present: [&'static str; 3],
    imperfect: &'static str,
    future: &'static str,
    participle: &'static str,
) -> Irregular {
    Irregular { infinitive, present, imperfect, future, participle, others: &[] }
}

const fn with(mut irregular: Irregular, others: &'static [&'static str]) -> Irregular {
    irregular.others = others;
    irregular
}

/// The table. Where two rows fit an infinitive, the longer ending wins.
pub const IRREGULAR: &[Irregular] = &[
    with(row("être", ["suis", "est", "sont"], "ét", "ser", "été"), &["es", "soit", "soient"]),
    with(row("avoir", ["ai", "a", "ont"], "av", "aur", "eu"), &["as", "ayant", "ait", "aient"]),
    with(row("aller", ["vais", "va", "vont"], "all", "ir", "allé"), &["vas", "aille"]),
    with(row("faire", ["fais", "fait", "font"], "fais", "fer", "fait"), &["fasse", "fassent"]),
    with(row("savoir", ["sais", "sait", "savent"], "sav", "saur", "su"), &["sachant"]),
    with(row("pouvoir", ["peux", "peut", "peuvent"], "pouv", "pourr", "pu"), &["puisse"]),
    with(row("vouloir", ["veux", "veut", "veulent"], "voul", "voudr", "voulu"), &["veuille"]),
    row("devoir", ["dois", "doit", "doivent"], "dev", "devr", "dû"),
    row("valoir", ["vaux", "vaut", "valent"], "val", "vaudr", "valu"),
    row("falloir", ["faut", "faut", "faut"], "fall", "faudr", "fallu"),
    row("pleuvoir", ["pleut", "pleut", "pleuvent"], "pleuv", "pleuvr", "plu"),
    row("émouvoir", ["émeus", "émeut", "émeuvent"], "émouv", "émouvr", "ému"),
    row("cevoir", ["çois", "çoit", "çoivent"], "cev", "cevr", "çu"),
    row("voir", ["vois", "voit", "voient"], "voy", "verr", "vu"),
    row("prévoir", ["prévois", "prévoit", "prévoient"], "prévoy", "prévoir", "prévu"),
    row("asseoir", ["assois", "assoit", "assoient"], "assoy", "assoir", "assis"),
    row("venir", ["viens", "vient", "viennent"], "ven", "viendr", "venu"),
    row("tenir", ["tiens", "tient", "tiennent"], "ten", "tiendr", "tenu"),
    row("quérir", ["quiers", "quiert", "quièrent"], "quér", "querr", "quis"),
    row("mourir", ["meurs", "meurt", "meurent"], "mour", "mourr", "mort"),
    row("courir", ["cours", "court", "courent"], "cour", "courr", "couru"),
    row("partir", ["pars", "part", "partent"], "part", "partir", "parti"),
    row("sortir", ["sors", "sort", "sortent"], "sort", "sortir", "sorti"),
    row("mentir", ["mens", "ment", "mentent"], "ment", "mentir", "menti"),
    row("sentir", ["sens", "sent", "sentent"], "sent", "sentir", "senti"),
    row("dormir", ["dors", "dort", "dorment"], "dorm", "dormir", "dormi"),
    row("servir", ["sers", "sert", "servent"], "serv", "servir", "servi"),
    row("fuir", ["fuis", "fuit", "fuient"], "fuy", "fuir", "fui"),
    row("vêtir", ["vêts", "vêt", "vêtent"], "vêt", "vêtir", "vêtu"),
    row("haïr", ["hais", "hait", "haïssent"], "haïss", "haïr", "haï"),
    row("ouvrir", ["ouvre", "ouvre", "ouvrent"], "ouvr", "ouvrir", "ouvert"),
    row("ffrir", ["ffre", "ffre", "ffrent"], "ffr", "ffrir", "ffert"),
    row("cueillir", ["cueille", "cueille", "cueillent"], "cueill", "cueiller", "cueilli"),
    row("bouillir", ["bous", "bout", "bouillent"], "bouill", "bouillir", "bouilli"),
    row("faillir", ["faillis", "faillit", "faillissent"], "faill", "faillir", "failli"),
    row("prendre", ["prends", "prend", "prennent"], "pren", "prendr", "pris"),
    row("mettre", ["mets", "met", "mettent"], "mett", "mettr", "mis"),
    row("battre", ["bats", "bat", "battent"], "batt", "battr", "battu"),
    row("rompre", ["romps", "rompt", "rompent"], "romp", "rompr", "rompu"),
    row("vaincre", ["vaincs", "vainc", "vainquent"], "vainqu", "vaincr", "vaincu"),
    row("suivre", ["suis", "suit", "suivent"], "suiv", "suivr", "suivi"),
    row("vivre", ["vis", "vit", "vivent"], "viv", "vivr", "vécu"),
    row("boire", ["bois", "boit", "boivent"], "buv", "boir", "bu"),
    row("croire", ["crois", "croit", "croient"], "croy", "croir", "cru"),
    row("lire", ["lis", "lit", "lisent"], "lis", "lir", "lu"),
    row("dire", ["dis", "dit", "disent"], "dis", "dir", "dit"),
    row("maudire", ["maudis", "maudit", "maudissent"], "maudiss", "maudir", "maudit"),
    row("écrire", ["écris", "écrit", "écrivent"], "écriv", "écrir", "écrit"),
    row("crire", ["cris", "crit", "crivent"], "criv", "crir", "crit"),
    row("rire", ["ris", "rit", "rient"], "ri", "rir", "ri"),
    row("suffire", ["suffis", "suffit", "suffisent"], "suffis", "suffir", "suffi"),
    row("plaire", ["plais", "plaît", "plaisent"], "plais", "plair", "plu"),
    row("taire", ["tais", "tait", "taisent"], "tais", "tair", "tu"),
    row("traire", ["trais", "trait", "traient"], "tray", "trair", "trait"),
    row("uire", ["uis", "uit", "uisent"], "uis", "uir", "uit"),
    row("nuire", ["nuis", "nuit", "nuisent"], "nuis", "nuir", "nui"),
    row("clure", ["clus", "clut", "cluent"], "clu", "clur", "clu"),
    row("naître", ["nais", "naît", "naissent"], "naiss", "naîtr", "né"),
    row("aître", ["ais", "aît", "aissent"], "aiss", "aîtr", "u"),
    row("croître", ["croîs", "croît", "croissent"], "croiss", "croîtr", "crû"),
    row("indre", ["ins", "int", "ignent"], "ign", "indr", "int"),
    row("résoudre", ["résous", "résout", "résolvent"], "résolv", "résoudr", "résolu"),
    row("coudre", ["couds", "coud", "cousent"], "cous", "coudr", "cousu"),
    row("envoyer", ["envoie", "envoie", "envoient"], "envoy", "enverr", "envoyé"),
];

/// Verbs of the second group that end like an irregular one.
const SECOND_GROUP: [&str; 6] = ["répartir", "asservir", "investir", "avertir", "travestir", "assortir"];

/// The row that fits an infinitive, and the prefix it carries ("de" + "venir").
pub fn lookup(infinitive: &str) -> Option<(&'static Irregular, &str)> {
    if SECOND_GROUP.contains(&infinitive) {
        return None;
    }
    IRREGULAR
        .iter()
        .filter_map(|row| {
            let prefix = infinitive.strip_suffix(row.infinitive)?;
            // These serve no compound: "connaître" is not built on "être".
            let alone = ["être", "avoir", "aller", "fuir", "lire", "naître"].contains(&row.infinitive);
            let compound = row.infinitive == "lire" && matches!(prefix, "re" | "é" | "ré")
                || row.infinitive == "fuir" && prefix == "en"
                || row.infinitive == "naître" && prefix == "re";
            (prefix.is_empty() || !alone || compound).then_some((row, prefix))
        })
        .max_by_key(|(row, _)| row.infinitive.len())
}
