"""Invented people need names: common French given names, family names and places, for swapping."""

MEN = (
    "Jean Pierre Michel Alain Philippe Nicolas Patrick Christophe Laurent Thierry Julien Thomas David Olivier Kevin "
    "Maxime Antoine Hugo Lucas Mathieu Romain Karim Mehdi Mamadou Mohamed Youssef Ali Ibrahim Samir Rachid Omar "
    "David Daniel Marc Yves Bernard Gérard Claude Dominique Damien Fabrice Sébastien Cédric Ludovic Franck Bruno "
    "Éric Denis Gilles Didier Pascal Serge Loïc Erwan Yann Tristan Baptiste Théo Enzo Nathan Léo Noé Adrien Florian "
    "Simon Samuel Elie Moshe Piotr Ion Sergueï Minh Wei Kofi Tiago Paulo Diego Mateo Giovanni Luigi Rémi Hervé Joël"
).split()
WOMEN = (
    "Marie Nathalie Isabelle Catherine Sylvie Françoise Valérie Sandrine Véronique Céline Stéphanie Sophie Christine "
    "Martine Aurélie Émilie Julie Laura Camille Manon Léa Chloé Emma Inès Sarah Fatima Aïcha Khadija Samira Nadia "
    "Leïla Aminata Fatou Mariam Rachel Esther Myriam Déborah Agnieszka Elena Natalia Olga Svetlana Thi Mei Linh Ana "
    "Maria Carmen Lucia Giulia Monique Jacqueline Josiane Ginette Simone Odette Yvette Huguette Colette Brigitte "
    "Chantal Nicole Hélène Anne Claire Élodie Mélanie Audrey Laetitia Virginie Karine Delphine Florence Béatrice "
    "Corinne Gwenaëlle Maëlys Jade Louise Alice Zoé Lina Yasmine Sofia Ophélie Pauline Mathilde Clémence Justine"
).split()
FAMILIES = (
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David "
    "Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez Legrand "
    "Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Perrin Morin Mathieu Clément Gauthier Dumont Lopez "
    "Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche Roy Noël "
    "Meyer Lucas Meunier Benali Diallo Traoré Haddad Cohen Lévy Kowalski Ferreira Da Silva Pereira Yilmaz Tran Rossi "
    "Lenoir Lebrun Leblanc Lemaure Chrétien Pape Curé Évêque Juif Malade Boiteux Leborgne Sauvage Le Goff Kerbrat"
).split()
PLACES = (
    "Paris Lyon Marseille Toulouse Nice Nantes Strasbourg Montpellier Bordeaux Lille Rennes Reims Toulon Grenoble Dijon "
    "Angers Nîmes Villeurbanne Brest Limoges Tours Amiens Perpignan Metz Besançon Orléans Rouen Mulhouse Caen Nancy "
    "Argenteuil Roubaix Tourcoing Avignon Poitiers Créteil Pau Dunkerque Calais Colmar Valence Bourges Quimper Troyes "
    "Antibes Lorient Niort Chambéry Montauban Beauvais Cholet Vannes Laval Arles Bayonne Albi Sète Castres Alès Blois"
).split()
