package main

import (
	"fmt"
	"strings"
)

// region is where some of the people live: what they are called, and when they
// are awake. The domains, addresses and telephone numbers are those that are
// kept for examples, or lead nowhere.
type region struct {
	locale, country string
	clock           int    // hours ahead of UTC
	dial            string // telephone numbers begin with it
	given, family   []string
}

func names(list string) []string { return strings.Fields(list) }

// regions is where people live.
var regions = []region{
	{"en-AU", "AU", 10, "+61 491 57",
		names("Olivia Charlotte Amelia Matilda Ruby Isla Sienna Willow Zara Evie Oliver Jack Noah William Lachlan Cooper Angus Hamish Darcy Archie Minh Thuy Priya Arjun"),
		names("Nguyen Smith Wilson Campbell Kelly Murray Papadopoulos Rossi Tran Sharma Chen Walsh Gallagher Hughes Sutherland Doyle Fraser Barlow Singh Kovač")},
	{"en-NZ", "NZ", 12, "+64 21 55",
		names("Aroha Anahera Mereana Ngaire Hana Wiremu Tama Nikau Rangi Kahu Sophie Georgia Liam Finlay Hunter Sione Losa Tevita"),
		names("Ngata Tamihana Parata Walker Mitchell Tuilagi Fonoti Henare Robertson Campbell Wihongi Taumalolo Bennett Harris Rewi McKenzie")},
	{"en-GB", "GB", 0, "+44 7700 9",
		names("Poppy Freya Florence Imogen Harriet Niamh Eleri Fatima Aisha Ayesha George Alfie Rhys Callum Ewan Declan Mohammed Imran Kwame Gareth Hugo Tobias"),
		names("Taylor Davies Evans Thomas Okonkwo Hussain Khan Patel Ahmed MacDonald Stewart O'Neill Byrne Whitaker Ashworth Pemberton Fletcher Llewellyn Hargreaves Begum")},
	{"en-US", "US", -6, "+1 202 55",
		names("Emma Ava Sophia Madison Brooklyn Imani Nia Guadalupe Mei Hannah Ethan Mason Logan Jamal DeShawn Diego Kenji Caleb Austin Tyler Naomi Ruth Esther Ezra"),
		names("Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Washington Jefferson Nakamura Kim Park Cohen Goldberg Schmidt Olsen Larsen Novak")},
	{"en-NG", "NG", 1, "+234 802 55",
		names("Chiamaka Ngozi Adaeze Folasade Temitope Yetunde Halima Zainab Chinedu Emeka Obinna Oluwaseun Babatunde Tunde Ibrahim Musa Ifeanyi Kelechi"),
		names("Okafor Eze Adeyemi Balogun Nwosu Okonjo Abubakar Danjuma Ogunleye Adebayo Obi Chukwu Bello Uche Afolabi Lawal")},
	{"en-IN", "IN", 5, "+91 98 55",
		names("Ananya Diya Kavya Lakshmi Meera Nandini Pooja Riya Shreya Aarav Aditya Karthik Manish Nikhil Rahul Rohan Sanjay Vikram Farhan Gurpreet"),
		names("Iyer Nair Reddy Gupta Kapoor Mehta Bose Banerjee Chatterjee Desai Joshi Kulkarni Menon Pillai Rao Verma Siddiqui Kaur")},
	{"de-DE", "DE", 1, "+49 1555 0",
		names("Anna Lena Mia Hannah Leonie Katharina Greta Frieda Elif Ayşe Lukas Jonas Maximilian Felix Moritz Niklas Emre Stefan Jörg Günther Björn Søren"),
		names("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Hoffmann Schäfer Koch Bauer Richter Krüger Yılmaz Öztürk Kowalski Großmann Vogt Jansen")},
	{"de-CH", "CH", 1, "+41 79 55",
		names("Seraina Ladina Flurina Nadja Corinne Regula Urs Reto Beat Gian Andri Silvan Dragan Jelena"),
		names("Meier Keller Huber Gerber Brunner Baumann Zimmermann Ammann Caduff Bernasconi Petrović Wyss")},
	{"fr-FR", "FR", 1, "+33 6 39 98",
		names("Camille Manon Chloé Inès Léa Zoé Clémence Margaux Amina Yasmine Hugo Louis Gabriel Théo Mathis Étienne Gaël Karim Mehdi Thibault"),
		names("Martin Bernard Dubois Moreau Laurent Lefèvre Girard Roussel Fournier Mercier Benali Haddad Diallo Traoré Lemaître Chevalier")},
	{"fr-CA", "CA", -5, "+1 514 55",
		names("Élodie Maude Océane Rosalie Geneviève Mélanie Félix Olivier Xavier Jérémie Alexis Guillaume Mathieu Antoine"),
		names("Tremblay Gagnon Roy Côté Bouchard Gauthier Morin Lavoie Fortin Gagné Ouellet Pelletier")},
	{"es-ES", "ES", 1, "+34 611 55",
		names("Lucía Sofía Martina Carmen Paula Alba Nuria Ainhoa Itziar Montserrat Alejandro Pablo Adrián Álvaro Javier Íñigo Jordi Sergio Rocío Begoña"),
		names("García Fernández González Sánchez Ramírez Muñoz Ibáñez Castaño Ortega Serrano Molina Etxeberria Puig Vidal Navarro Peña")},
	{"pt-BR", "BR", -3, "+55 11 9555",
		names("Ana Beatriz Larissa Luana Fernanda Júlia Thaís Conceição Iara João Gabriel Rafael Thiago Vinícius Caio Otávio Luís Murilo Davi Isabela"),
		names("Silva Santos Oliveira Souza Pereira Lima Carvalho Ribeiro Araújo Gonçalves Nascimento Moreira Cardoso Tanaka Assunção Falcão")},
}

// regionOf returns the region with the locale.
func regionOf(locale string) *region {
	for i := range regions {
		if regions[i].locale == locale {
			return &regions[i]
		}
	}
	panic("the demo's company knows no region " + locale)
}

// mobile is the nth telephone number of the region.
func (r *region) mobile(n int) string { return fmt.Sprintf("%s%04d", r.dial, n) }

// latin spells a name with the letters that a user name may have.
var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "á", "a", "à", "a", "â", "a", "ã", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i",
	"î", "i", "ó", "o", "ô", "o", "õ", "o", "ø", "oe", "ú", "u", "ç", "c", "ć", "c", "č", "c", "ñ", "n", "ş", "s", "ı", "i", "ō", "o", "'", "",
)

// loginName is the user name that a person gets.
func loginName(first, last string) string {
	return latin.Replace(strings.ToLower(first + "." + last))
}
