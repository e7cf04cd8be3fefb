"""Placeholder words: the words of eight languages by which a placeholder is known, or known not to
be one. Asked by `placeholders`.
"""

from __future__ import annotations

import re

# What is put into brackets and meant to stay there, in small letters.
_ASIDES = """sic recte ok okay yes no ja nein oui non sí si nee sim não tak nie snip cut gekürzt
    coupé smile laughs lacht grins rires risas ride rindo śmiech mm cm km kg ml
    she/her he/him they/them sie/ihr er/ihm elle il ella él"""
ASIDES = frozenset(_ASIDES.split())
# What only stands in brackets that are to be replaced.
FILL_IN = re.compile(
    r"^(?:(?:please|bitte|merci de|por favor|prego|graag|proszę)\b"
    r"|(?:your|ihre?n?|votre|vos|su|il suo|la sua|uw|seu|sua|twoj[ea]?)\b)"
    r"|\b(?:dd|tt|jj|gg)[./-]?mm\b|\b(?:insert|enter|fill in|add (?:the|your|date|name)|eg|e\.g"
    r"|einfügen|eintragen|einsetzen|ergänzen|z\. ?b"
    r"|insérer|insérez|indiquer|saisir|compléter|par ex|p\. ?ex"
    r"|insertar|introducir|añadir|rellenar|p\. ?ej|por ejemplo"
    r"|inserire|inserisci|aggiungere|compilare|ad es|p\. ?es"
    r"|invoegen|invullen|vul in|bijv"
    r"|inserir|insira|preencher|por exemplo"
    r"|wstaw|wstawić|wpisz|wpisać|uzupełnij|uzupełnić|np)\b",
    re.IGNORECASE,
)
# What begins a remark in brackets, and hardly ever a place to fill in.
REMARK = re.compile(
    r"^(?:see|siehe|s\.|vgl\.?|voir|cf\.?|ver|véase|vedi|zie|veja|zob\.?|zobacz|patrz"
    r"|incl\.?|inkl\.?|excl\.?|exkl\.?|zzgl\.?|plus|ca\.?|circa|approx\.?|about|etwa|env\.?)\s",
    re.IGNORECASE,
)
# Names of what a shop fills into its mails.
_FIELDS = """name names first last full firstname lastname fname lname surname customer client order
    number no date day time amount sum price total currency address street city zip item items
    product products tracking carrier parcel link url code company firm email phone title
    vorname nachname anrede kunde kundin kundenname bestellung bestellnummer auftragsnummer nummer
    datum tag uhrzeit betrag summe preis adresse straße strasse ort plz artikel produkt
    sendungsnummer sendung firma telefon
    nom prénom prenom civilité client commande numéro numero montant prix adresse ville article
    produit suivi colis lien société heure
    nombre apellido apellidos cliente pedido número fecha importe precio dirección ciudad artículo
    producto seguimiento enlace empresa hora
    nome cognome ordine data importo prezzo indirizzo città articolo prodotto tracciamento
    azienda ora
    naam voornaam achternaam klant bestelling bestelnummer bedrag prijs adres plaats
    zending bedrijf tijd
    apelido encomenda montante valor preço endereço morada cidade artigo produto rastreio
    imię imie nazwisko klient zamówienie zamówienia numer kwota cena adres miasto produkt
    przesyłka firma godzina"""
FIELDS = frozenset(_FIELDS.split())
# What stands before a button or a key of somebody's screen, whose label is in brackets.
PRESS = re.compile(
    r"\b(?:click\w*|press\w*|tap|tapp\w+|choose|select\w*|button|key|menu"
    r"|klick\w*|drück\w*|tipp\w*|wähl\w*|schaltfläche|taste|knopf|menü"
    r"|cliqu\w*|appuy\w*|choisi\w*|sélectionn\w*|bouton|touche"
    r"|clic|pulse|pulsa\w*|haga clic|elija|seleccion\w*|botón|tecla"
    r"|clicc\w*|premi\w*|prema|selezion\w*|pulsante|tasto"
    r"|klik\w*|druk\w*|kies|knop|toets"
    r"|clique|carregu\w*|prima|selecion\w*|botão"
    r"|klikn\w*|kliknij|naciśn\w*|wybierz|przycisk\w*|klawisz)\b",
    re.IGNORECASE,
)
# What stands before the name of a field that somebody else shall fill, quoted.
LABELS = re.compile(
    r"\b(?:field|box|column|line|label|tab|section|feld|spalte|zeile|rubrik|champ|case|colonne"
    r"|rubrique|campo|casilla|columna|apartado|casella|colonna|voce|sezione|veld|vak|kolom"
    r"|coluna|secção|seção|pole|polu|rubryk\w*|kolumn\w*)\b",
    re.IGNORECASE,
)
