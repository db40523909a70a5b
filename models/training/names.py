"""Invented people need names: common French given names, family names and places, for swapping."""

MEN = (
    "Jean Pierre Michel Alain Philippe Nicolas Patrick Christophe Laurent Thierry Julien Thomas David Olivier Kevin "
    "Maxime Antoine Hugo Lucas Mathieu Romain Karim Mehdi Mamadou Mohamed Youssef Ali Ibrahim Samir Rachid Omar "
    "David Daniel Marc Yves Bernard Gérard Claude Dominique Damien Fabrice Sébastien Cédric Ludovic Franck Bruno "
    "Éric Denis Gilles Didier Pascal Serge Loïc Erwan Yann Tristan Baptiste Théo Enzo Nathan Léo Noé Adrien Florian "
    "Simon Samuel Elie Moshe Piotr Ion Sergueï Minh Wei Kofi Tiago Paulo Diego Mateo Giovanni Luigi Rémi Hervé Joël "
    "Abdelkader Bilal Hamza Ismaël Kamel Mustapha Nabil Reda Sofiane Tarek Walid Yassine Zakaria Abdoulaye Boubacar Cheikh "
    "Demba Idrissa Lassana Moussa Ousmane Seydou Souleymane Modou Kouassi Koffi Désiré Fabien Avi David Nathan Samuel Yossef "
    "Hung Tuan Hao Jian Kenji Rajesh Arjun Ravi Suresh Mateusz Pavel Andrei Dimitri Igor Bogdan Radu Goran Miroslav Kemal "
    "Murat Serkan Hakan Joao Rui Nuno Javier Pablo Marco Andrea Giuseppe Kevin Jordan Dylan Brandon Steeve Jean-Paul Marcel "
    "René Roger Lucien Raymond Maurice Gaston Auguste Edgar Ulysse Swann Malo Ewen Yannick Tanguy Gauthier Corentin Quentin"
).split()
WOMEN = (
    "Marie Nathalie Isabelle Catherine Sylvie Françoise Valérie Sandrine Véronique Céline Stéphanie Sophie Christine "
    "Martine Aurélie Émilie Julie Laura Camille Manon Léa Chloé Emma Inès Sarah Fatima Aïcha Khadija Samira Nadia "
    "Leïla Aminata Fatou Mariam Rachel Esther Myriam Déborah Agnieszka Elena Natalia Olga Svetlana Thi Mei Linh Ana "
    "Maria Carmen Lucia Giulia Monique Jacqueline Josiane Ginette Simone Odette Yvette Huguette Colette Brigitte "
    "Chantal Nicole Hélène Anne Claire Élodie Mélanie Audrey Laetitia Virginie Karine Delphine Florence Béatrice "
    "Corinne Gwenaëlle Maëlys Jade Louise Alice Zoé Lina Yasmine Sofia Ophélie Pauline Mathilde Clémence Justine "
    "Amel Asma Djamila Farida Hafida Houria Karima Latifa Malika Naïma Rachida Salima Souad Yamina Zineb Awa Bintou Coumba "
    "Djeneba Hawa Kadiatou Mariama Oumou Rokia Sira Adjoa Grâce Prisca Judith Hannah Léa Noémie Sarah-Lou Yaël Huong Lan Xuan "
    "Yuki Priya Lakshmi Anjali Ewa Magda Katarzyna Irina Oksana Ioana Mihaela Jelena Emine Elif Hatice Inês Joana Beatriz Pilar "
    "Chiara Francesca Kelly Cindy Jennifer Jessica Vanessa Solène Maëlle Enora Gwendoline Bernadette Denise Lucette Marcelle "
    "Paulette Raymonde Suzanne Thérèse Yolande Apolline Capucine Garance Constance Victoire Salomé Romane Louane Lola Eva Rose-May"
).split()
FAMILIES = (
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David "
    "Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez Legrand "
    "Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Perrin Morin Mathieu Clément Gauthier Dumont Lopez "
    "Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche Roy Noël "
    "Meyer Lucas Meunier Benali Diallo Traoré Haddad Cohen Lévy Kowalski Ferreira Da Silva Pereira Yilmaz Tran Rossi "
    "Lenoir Lebrun Leblanc Lemaure Chrétien Pape Curé Évêque Juif Malade Boiteux Leborgne Sauvage Le Goff Kerbrat "
    "Bouzid Cherif Hamdi Khelifi Mansouri Meziane Ouali Rahmani Saïdi Slimani Zerrouki Ziani Bah Camara Cissé Coulibaly Diop "
    "Fall Keita Konaté Koné Ndiaye Sow Sylla Touré Ouattara Kouassi Mbaye Nkosi Mensah Abitbol Azoulay Benhamou Dahan Elbaz "
    "Zerbib Pham Hoang Bui Wang Zhang Li Kaya Öztürk Aydin Sahin Nowak Wisniewski Ivanov Petrov Ionescu Popa Jovanovic Silva "
    "Gomes Rodrigues Lopes Martins Fernandez Gonzalez Romano Esposito Singh Patel Kumar Rajan Le Gall Le Bihan Guivarch Etcheverry "
    "Schmitt Klein Weber Wagner Vasseur Delattre Vandamme Lemoine Gaillard Marchand Renaud Colin Picard Brun Bailly Hamon"
).split()
PLACES = (
    "Paris Lyon Marseille Toulouse Nice Nantes Strasbourg Montpellier Bordeaux Lille Rennes Reims Toulon Grenoble Dijon "
    "Angers Nîmes Villeurbanne Brest Limoges Tours Amiens Perpignan Metz Besançon Orléans Rouen Mulhouse Caen Nancy "
    "Argenteuil Roubaix Tourcoing Avignon Poitiers Créteil Pau Dunkerque Calais Colmar Valence Bourges Quimper Troyes "
    "Antibes Lorient Niort Chambéry Montauban Beauvais Cholet Vannes Laval Arles Bayonne Albi Sète Castres Alès Blois"
).split()
