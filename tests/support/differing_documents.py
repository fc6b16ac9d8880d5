"""Made-up pairs of documents: of either kind a question, and two documents as (path, text).

`CONFLICTS` answer their question differently; `HARMLESS` do not, although they look as if they did: other figures,
other subjects, other periods, the same in other words.
"""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """A question and two documents, each a path and a text."""

    question: str
    first: tuple[str, str]
    second: tuple[str, str]


_OPENING = "This document is kept by the office and is read by new colleagues in their first week.\n\n"
_CLOSING = "\n\nFurther questions are answered at the reception. The archive keeps older papers in the basement."


def _pair(question: str, first: tuple[str, str], second: tuple[str, str]) -> Pair:
    return Pair(question, (first[0], _OPENING + first[1] + _CLOSING), (second[0], _OPENING + second[1] + _CLOSING))


CONFLICTS = (
    # Durations
    _pair(
        "How many days of leave do employees have?",
        ("/hr/handbook-2023.pdf", "Every employee has 20 days of paid leave per calendar year."),
        ("/hr/handbook-2024.pdf", "Every employee has 25 days of paid leave per calendar year."),
    ),
    _pair(
        "What is the notice period?",
        ("/legal/contract-draft.docx", "Either party may terminate this agreement with 30 days' written notice."),
        ("/legal/contract-signed.docx", "Either party may terminate this agreement with 60 days' written notice."),
    ),
    _pair(
        "How long is the probation period?",
        ("/hr/contract Meyer.txt", "The probation period lasts three months from the first day of work."),
        ("/hr/employment terms.txt", "The probation period lasts six months from the first day of work."),
    ),
    _pair(
        "How long are invoices kept?",
        ("/it/retention v1.md", "Invoices are kept for seven years after the end of the fiscal year."),
        ("/it/retention v2.md", "Invoices are kept for ten years after the end of the fiscal year."),
    ),
    _pair(
        "Within how many days must travel expenses be claimed?",
        ("/hr/travel 2021.md", "Travel expenses must be claimed within 90 days after the end of the journey."),
        ("/hr/travel 2024.md", "Travel expenses have to be claimed within thirty days after the end of the journey."),
    ),
    _pair(
        "How long does the warranty last?",
        ("/sales/offer.txt", "The warranty for the pump lasts two years from the date of delivery."),
        ("/sales/order confirmation.txt", "The warranty for the pump lasts 12 months from the date of delivery."),
    ),
    _pair(
        "Wie viele Urlaubstage haben Mitarbeiter?",
        ("/hr/handbuch-2022.pdf", "Alle Mitarbeiter haben Anspruch auf 28 Tage Urlaub im Jahr."),
        ("/hr/handbuch-2025.pdf", "Alle Mitarbeiter haben Anspruch auf dreißig Tage Urlaub im Jahr."),
    ),
    _pair(
        "Wie lang ist die Kündigungsfrist?",
        ("/miete/vertrag.txt", "Die Kündigungsfrist beträgt drei Monate zum Ende eines Quartals."),
        ("/miete/nachtrag.txt", "Die Kündigungsfrist beträgt sechs Monate zum Ende eines Quartals."),
    ),
    _pair(
        "How many weeks before should leave be requested?",
        ("/hr/leave.md", "Leave is requested in writing at least two weeks before its first day."),
        ("/hr/old/leave.md", "Leave is requested in writing at least four weeks before its first day."),
    ),
    # Amounts
    _pair(
        "What is the monthly rent?",
        ("/flat/lease.pdf", "The monthly rent is 1,200 euros and is paid in advance."),
        ("/flat/lease (2).pdf", "The monthly rent is 1,350 euros and is paid in advance."),
    ),
    _pair(
        "How much is paid for a kilometre in a private car?",
        ("/hr/travel-2022.md", "For each kilometre in a private car 30 cents are paid."),
        ("/hr/travel-2025.md", "For each kilometre in a private car 38 cents are paid."),
    ),
    _pair(
        "What does the licence cost per seat?",
        ("/buy/quote.txt", "The licence costs $49.00 per seat and month."),
        ("/buy/order.txt", "The licence costs $59 per seat and month."),
    ),
    _pair(
        "What is the deposit?",
        ("/flat/offer.txt", "The tenant pays a deposit of EUR 2,400 before moving in."),
        ("/flat/contract.txt", "The tenant pays a deposit of EUR 3,600 before moving in."),
    ),
    _pair(
        "What is the budget of the museum project?",
        ("/museum/application.txt", "The total budget of the museum project amounts to 1.2 million euros."),
        ("/museum/plan.txt", "The total budget of the museum project amounts to 1.5 million euros."),
    ),
    _pair(
        "Wie hoch ist die Miete für den Stellplatz?",
        ("/miete/angebot.txt", "Die Miete für den Stellplatz beträgt 80 Euro im Monat."),
        ("/miete/vertrag.txt", "Die Miete für den Stellplatz beträgt 95 € im Monat."),
    ),
    # Shares
    _pair(
        "Which share of the training costs does the company pay?",
        ("/hr/training-2020.md", "The company pays 50 % of the training costs."),
        ("/hr/training-2023.md", "The company pays 80 percent of the training costs."),
    ),
    _pair(
        "What is the interest rate of the loan?",
        ("/bank/loan draft.txt", "The loan bears interest at a rate of 3.5 % per year."),
        ("/bank/loan.txt", "The loan bears interest at a rate of 4.1 % per year."),
    ),
    # Dates and times
    _pair(
        "When does the contract end?",
        ("/legal/service contract.txt", "The contract ends on 31 December 2025 without notice."),
        ("/legal/service contract amended.txt", "The contract ends on 30 June 2026 without notice."),
    ),
    _pair(
        "By when must carried over leave be taken?",
        ("/hr/policy-2023.md", "Leave that is carried over must be taken by 31 March of the following year."),
        ("/hr/policy-2025.md", "Leave that is carried over must be taken by 30 June of the following year."),
    ),
    _pair(
        "When does the office open?",
        ("/office/house rules.txt", "The office opens at 8:00 and is closed at night."),
        ("/office/welcome.txt", "The office opens at 9 am and is closed at night."),
    ),
    _pair(
        "On which day is the weekly meeting?",
        ("/team/welcome.md", "The weekly meeting of the team is on Mondays in the library."),
        ("/team/routines.md", "The weekly meeting of the team is on Thursdays in the library."),
    ),
    _pair(
        "When was the bridge opened?",
        ("/history/guide.txt", "The old bridge was opened to traffic in 1908."),
        ("/history/leaflet.txt", "The old bridge was opened to traffic in 1911."),
    ),
    # Counts and places
    _pair(
        "How many people fit into the large hall?",
        ("/rooms/brochure.txt", "The large hall holds 120 guests at tables."),
        ("/rooms/fire safety.txt", "The large hall holds 90 guests at tables."),
    ),
    _pair(
        "How many licences are included?",
        ("/it/offer v1.txt", "The package contains 25 licences for the drawing program."),
        ("/it/offer v2.txt", "The package contains 40 licences for the drawing program."),
    ),
    _pair(
        "In which room is the first aid box?",
        ("/office/safety.txt", "The first aid box is kept in room 12, next to the printer."),
        ("/office/floor plan.txt", "The first aid box is kept in room 204, next to the printer."),
    ),
    _pair(
        "What is the minimum length of a password?",
        ("/it/passwords-2019.md", "A password must have at least 8 characters and is changed at once when it is lost."),
        (
            "/it/passwords-2024.md",
            "A password must have at least 14 characters and is changed at once when it is lost.",
        ),
    ),
    # Denials and permissions
    _pair(
        "May dogs be brought into the office?",
        ("/office/rules 2022.txt", "Dogs are allowed in the office on all floors."),
        ("/office/rules 2024.txt", "Dogs are not allowed in the office on all floors."),
    ),
    _pair(
        "Is smoking on the balcony allowed?",
        ("/flat/house rules.txt", "Smoking on the balcony is permitted for all tenants."),
        ("/flat/lease annex.txt", "Smoking on the balcony is prohibited for all tenants."),
    ),
    _pair(
        "Is the training mandatory?",
        ("/hr/security.md", "The security training is mandatory for all colleagues."),
        ("/hr/onboarding.md", "The security training is optional for all colleagues."),
    ),
    _pair(
        "Is heating included in the rent?",
        ("/flat/advert.txt", "The costs of heating are included in the rent."),
        ("/flat/contract.txt", "The costs of heating are not included in the rent."),
    ),
    _pair(
        "Ist Untervermietung erlaubt?",
        ("/miete/vertrag.txt", "Die Untervermietung der Wohnung ist erlaubt."),
        ("/miete/hausordnung.txt", "Die Untervermietung der Wohnung ist verboten."),
    ),
    # Names
    _pair(
        "Who is the data protection officer?",
        ("/legal/privacy-2022.md", "The data protection officer of the company is Anna Albers."),
        ("/legal/privacy-2024.md", "The data protection officer of the company is Jonas Brandt."),
    ),
    _pair(
        "Who is the supplier of the pumps?",
        ("/plant/manual.txt", "The pumps are supplied by Keller GmbH and serviced once a year."),
        ("/plant/contract.txt", "The pumps are supplied by Nordwind AG and serviced once a year."),
    ),
    _pair(
        "Who signs travel requests?",
        ("/hr/travel old.md", "Travel requests are signed by Maria Lopez before the journey."),
        ("/hr/travel new.md", "Travel requests are signed by Peter Vogel before the journey."),
    ),
    # In other words, and other order
    _pair(
        "How many days of leave may be carried over?",
        ("/hr/leave-2022.md", "Unused leave of up to five days may be carried over into the next year."),
        ("/hr/leave-2026.md", "Up to ten days of unused leave may be carried over into the next year."),
    ),
    _pair(
        "How much parental leave is there?",
        ("/hr/benefits-2021.md", "Employees are entitled to 12 weeks of parental leave."),
        ("/hr/benefits-2024.md", "Every employee receives 16 weeks of parental leave."),
    ),
)

HARMLESS = (
    # The same in other words
    _pair(
        "How many days of leave do employees have?",
        ("/hr/handbook-2023.pdf", "Every employee has 25 days of paid leave per calendar year."),
        ("/hr/handbook-2024.pdf", "Every employee has twenty-five days of paid leave per calendar year."),
    ),
    _pair(
        "How long is the notice?",
        ("/legal/a.txt", "The notice must be given two weeks before the end of a month."),
        ("/legal/b.txt", "The notice must be given 14 days before the end of a month."),
    ),
    _pair(
        "What is the monthly rent?",
        ("/flat/lease.pdf", "The monthly rent is 1,200.00 euros and is paid in advance."),
        ("/flat/lease (2).pdf", "The monthly rent is €1200 and is paid in advance."),
    ),
    _pair(
        "When does the office open?",
        ("/office/house rules.txt", "The office opens at 9:00 and is closed at night."),
        ("/office/welcome.txt", "The office opens at 9 am and is closed at night."),
    ),
    _pair(
        "When does the contract end?",
        ("/legal/one.txt", "The contract ends on 31 December 2025 without notice."),
        ("/legal/two.txt", "The contract ends on December 31, 2025 without notice."),
    ),
    _pair(
        "Is smoking on the balcony allowed?",
        ("/flat/house rules.txt", "Smoking on the balcony is not allowed for all tenants."),
        ("/flat/lease annex.txt", "Smoking on the balcony is forbidden for all tenants."),
    ),
    _pair(
        "How long is the lease?",
        ("/flat/lease.txt", "The lease runs for one year from its signing."),
        ("/flat/lease copy.txt", "The lease runs for twelve months from its signing."),
    ),
    # For others
    _pair(
        "How many days of leave are there?",
        ("/hr/full time.md", "Employees have 25 days of leave per year."),
        ("/hr/part time.md", "Part-time employees have 12 days of leave per year."),
    ),
    _pair(
        "What does a ticket cost?",
        ("/museum/prices.txt", "A ticket for adults costs 12 euros at the counter."),
        ("/museum/families.txt", "A ticket for children costs 5 euros at the counter."),
    ),
    _pair(
        "How much leave do I have?",
        ("/hr/leave.md", "Every employee has 25 days of paid leave."),
        ("/hr/sabbatical.md", "Every employee has 90 days of unpaid leave."),
    ),
    _pair(
        "What is the deductible of the Standard plan?",
        ("/plans/Standard.pdf", "The deductible is $2,000 per calendar year."),
        ("/plans/Premium.pdf", "The deductible is $500 per calendar year."),
    ),
    _pair(
        "What was Meyer's salary?",
        ("/hr/Meyer.pdf", "The salary amounts to 52,000 euros per year."),
        ("/hr/Schulz.pdf", "The salary amounts to 61,000 euros per year."),
    ),
    _pair(
        "What is the rent of the flat in Berlin?",
        ("/flats/lease Berlin.pdf", "The monthly rent of the flat is 900 euros."),
        ("/flats/lease Munich.pdf", "The monthly rent of the flat is 1,500 euros."),
    ),
    _pair(
        "What is paid to visit a specialist?",
        ("/plans/a.txt", "You pay a copay of $30 for in-network specialists."),
        ("/plans/b.txt", "You pay a copay of $75 for out-of-network specialists."),
    ),
    _pair(
        "How long is the warranty?",
        ("/shop/kettle.txt", "The warranty of the kettle lasts two years."),
        ("/shop/toaster.txt", "The warranty of the toaster lasts three years."),
    ),
    # Of another time
    _pair(
        "What was the revenue?",
        ("/reports/2023 Q1 report.pdf", "The revenue amounted to 12 million euros in the quarter."),
        ("/reports/2023 Q2 report.pdf", "The revenue amounted to 14 million euros in the quarter."),
    ),
    _pair(
        "How many visitors came?",
        ("/museum/annual report 2022.pdf", "The museum counted 41,000 visitors during the year."),
        ("/museum/annual report 2023.pdf", "The museum counted 52,000 visitors during the year."),
    ),
    _pair(
        "How many days of leave did the handbook of 2023 grant?",
        ("/hr/handbook-2023.pdf", "Every employee has 20 days of paid leave per calendar year."),
        ("/hr/handbook-2024.pdf", "Every employee has 25 days of paid leave per calendar year."),
    ),
    _pair(
        "What is the amount of the invoice?",
        ("/invoices/invoice 1041.pdf", "The total of this invoice is 812.50 euros."),
        ("/invoices/invoice 1042.pdf", "The total of this invoice is 95.00 euros."),
    ),
    _pair(
        "How many members did the club have?",
        ("/club/history.txt", "In 1990 the club had 120 members."),
        ("/club/chronicle.txt", "In 2005 the club had 340 members."),
    ),
    _pair(
        "What did the meeting decide on the roof?",
        ("/club/minutes 2023-03-02.txt", "The meeting approved 4,000 euros for the roof."),
        ("/club/minutes 2023-09-14.txt", "The meeting approved 2,500 euros for the roof."),
    ),
    _pair(
        "When was the policy revised?",
        ("/hr/travel policy a.md", "This policy was last revised on 3 March 2021."),
        ("/hr/leave policy b.md", "This policy was last revised on 9 May 2023."),
    ),
    _pair(
        "How has the leave changed over the years?",
        ("/hr/handbook-2023.pdf", "Every employee has 20 days of paid leave per calendar year."),
        ("/hr/handbook-2024.pdf", "Every employee has 25 days of paid leave per calendar year."),
    ),
    # Figures that are no answer
    _pair(
        "Where is the form for travel expenses?",
        ("/hr/a.md", "The form for travel expenses is on page 12 of the handbook."),
        ("/hr/b.md", "The form for travel expenses is on page 31 of the handbook."),
    ),
    _pair(
        "How is leave requested?",
        ("/hr/a.md", "Leave is requested in writing from the head of the department."),
        ("/hr/b.md", "Leave is requested in writing from the head of the department, at least 14 days before."),
    ),
    _pair(
        "What does the leave policy say about days?",
        ("/hr/a.md", "Employees have at least 20 days of leave."),
        ("/hr/b.md", "Employees have up to 30 days of leave."),
    ),
    _pair(
        "How much leave do senior employees have?",
        (
            "/hr/a.md",
            "After one year of service employees have 20 days of leave. After five years of service employees have 25 "
            "days of leave.",
        ),
        (
            "/hr/b.md",
            "After five years of service employees have 25 days of leave. After one year of service employees have 20 "
            "days of leave.",
        ),
    ),
    _pair(
        "How many days of leave are there?",
        ("/hr/new.md", "Every employee has 25 days of leave. Until last year every employee had 20 days of leave."),
        ("/hr/old.md", "Every employee has 20 days of leave."),
    ),
    _pair(
        "When must expenses be claimed?",
        ("/hr/a.md", "Expenses must be claimed no later than 30 days after the journey."),
        ("/hr/b.md", "Expenses must be claimed within 30 days after the journey."),
    ),
    # Names of other things
    _pair(
        "Who is responsible in the Berlin office?",
        ("/office/Berlin.txt", "The manager of the office in Berlin is Anna Albers."),
        ("/office/Hamburg.txt", "The manager of the office in Hamburg is Jonas Brandt."),
    ),
    _pair(
        "Who looks after the plants?",
        ("/office/plants.txt", "The plants are watered by Anna Albers on Mondays."),
        ("/office/bins.txt", "The bins are emptied by Jonas Brandt on Fridays."),
    ),
    _pair(
        "What are the rules for the kitchen?",
        ("/office/kitchen.txt", "Food must not be left in the fridge over the weekend."),
        ("/office/fridge.txt", "Food is kept in the fridge in closed boxes."),
    ),
    _pair(
        "What does the machine weigh?",
        ("/plant/drill.txt", "The drilling machine weighs 420 kg without its table."),
        ("/plant/mill.txt", "The milling machine weighs 980 kg without its table."),
    ),
    _pair(
        "How do the two contracts differ in their notice?",
        ("/legal/contract-draft.docx", "Either party may terminate this agreement with 30 days' written notice."),
        ("/legal/contract-signed.docx", "Either party may terminate this agreement with 60 days' written notice."),
    ),
)
