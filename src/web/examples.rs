//! Notes to click on the page Essayer: invented, one for each thing worth seeing.

/// What a note shows, and the note.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("Santé", "Client diabétique type 2, demande livraison le matin uniquement"),
    ("Syndicat", "Mme Lefort est déléguée CGT, passer par elle pour la salle du comité"),
    ("Identifiants", "Rappeler M. Colin au 06 12 34 56 78, mot de passe du portail : Soleil2024!"),
    ("Jugement", "Client pénible, vrai boulet, ne plus lui accorder de geste commercial"),
    ("Plusieurs", "🙂 Interdit bancaire, parle de son divorce à chaque appel, suivi par un psychiatre"),
    ("Rien à redire", "Livraison reportée au 15 mars, prévoir un accès de plain-pied et rappeler la veille"),
];
