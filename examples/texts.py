"""The texts of the example documents: Markdown-like, one string a document; `\\f` begins a new page of a PDF.

Everything here is invented: Fernhill Instruments makes distance sensors and a driver-assistance kit.
"""

PDF = {
    "hr/leave-policy-2026.pdf": """
# Leave Policy 2026
Fernhill Instruments, Human Resources. In force from 1 January 2026. It replaces the Leave Policy of 2024.

## 1 Who this policy is for
This policy applies to everyone who is employed by Fernhill Instruments for more than three months, full time or part time. Interns and contractors have agreements of their own.

## 2 How leave accrues
Annual leave accrues at 2.5 days per month of service, which makes 30 days in a full year. Leave begins to accrue on the first day of service. Public holidays do not count as leave.
\f
## 3 Asking for leave
A request is made in the time system at least two weeks before the first day of leave. The head of the department answers within five working days. A request of a single day may be made three days ahead.

If two requests collide, the person with school-age children goes first during the school holidays. A refusal is given in writing, with its reason and two other dates that are possible.
\f
## 4 Carrying leave over
Unused leave of up to ten days may be carried over into the following year. Days that were carried over must be taken by 31 March. Whatever is left after that date lapses.

An extension until 30 June is possible where illness prevented the leave. Human Resources decides about it on a written request.

## 5 Special leave
Two days of special leave are granted for a wedding, and three days for the death of a close relative. Moving house for the company gives one day.

| Occasion | Days |
| Wedding | 2 |
| Death of a close relative | 3 |
| Moving house for the company | 1 |
\f
## 6 Parental leave
Parents may take up to 20 weeks of parental leave at full pay within the first two years of the child's life. The weeks may be taken in up to three blocks. Parental leave is announced at least seven weeks ahead.

## 7 Illness during leave
Days of illness that a doctor confirms do not count as leave. The certificate reaches Human Resources within three days.
""",
    "hr/leave-policy-2024.pdf": """
# Leave Policy 2024
Fernhill Instruments, Human Resources. In force from 1 January 2024 until 31 December 2025.

## 1 How leave accrues
Annual leave accrues at 2 days per month of service, which makes 24 days in a full year.
\f
## 2 Carrying leave over
Unused leave of up to five days may be carried over into the following year. Days that were carried over must be taken by 31 January. Whatever is left after that date lapses.

## 3 Asking for leave
A request is made on the paper form at least four weeks before the first day of leave.
""",
    "product-docs/ds-40-manual.pdf": """
# DS-40 Distance Sensor: Manual
Fernhill Instruments, edition 6, March 2026. Part number DS-40-B/2.

## 1 What the DS-40 does
The DS-40 measures distances from 0.2 to 40 metres with a laser of class 1. Its accuracy is 2 millimetres up to 10 metres and 5 millimetres beyond. It measures up to 50 times a second.

## 2 Mounting
The sensor is fixed with four M4 screws. The torque is 1.2 newton metres. Leave at least 30 millimetres of free space behind the housing for the cable.
\f
## 3 Power and connection
The DS-40 runs on 12 to 30 volts and takes 2.4 watts. Pin 1 of the plug is the supply, pin 2 is the ground, and pin 4 is the data line. The default data rate is 19,200 baud.

## 4 Error codes
Error E-17 means that the window is dirty. Clean the window with a soft cloth and water; never use solvents. Error E-21 means that the target reflects too little light. Error E-30 means that the laser has reached the end of its life.
\f
## 5 Care and calibration
The sensor is calibrated every 12 months. The procedure takes about 20 minutes and is described in the calibration procedure. A sensor that was dropped is calibrated before it is used again.

## 6 Warranty
The warranty of the DS-40 lasts 36 months from the date of the invoice. It does not cover damage by water under pressure or by solvents. A repair under warranty takes ten working days.
""",
    "product-docs/guardian-kit.pdf": """
# Guardian Kit: Automobile Safety Features
Fernhill Instruments, product sheet, January 2026. Part number GK-7.

## 1 Overview
The Guardian Kit adds safety features to an automobile that was built without them. Two radar units behind the bumper watch the road ahead. A small screen beside the steering wheel shows the distance to the vehicle in front.

## 2 What it does on the road
The kit warns the driver when a collision threatens, and it brakes by itself below 40 kilometres an hour. Above that speed it sounds a tone and tightens the seat belts. A camera recognises pedestrians and cyclists by day and by night.
\f
## 3 Fitting
A trained workshop fits the kit in about four hours. The kit suits vehicles with a 12-volt supply that were built after 2009. After fitting, the radar units are aligned with the DS-40 and the alignment frame AF-2.

## 4 Limits
Heavy snow on the bumper blinds the radar units; the kit then says so and switches itself off. The kit assists the driver and does not replace attention.
\f
## 5 Warranty and service
The warranty of the Guardian Kit lasts 24 months from the day of fitting. The alignment is checked every two years or after a repair of the bumper.
""",
    "customers/contract-albers-clinic.pdf": """
# Service Contract: Albers Clinic
Between Fernhill Instruments and Albers Clinic, signed on 14 May 2025. Contract number C-2025-031.

## § 1 Subject
Fernhill Instruments maintains 48 distance sensors of the type DS-40 in the beds and lifts of Albers Clinic. Maintenance takes place twice a year, in April and in October.

## § 2 Price and payment
The price is 11,520 euros a year. Invoices are paid within 30 days. A discount of 2 percent is granted for payment within ten days.
\f
## § 7 Response times
A fault that stops a lift is answered within two hours, at any time of day. Other faults are answered by the end of the next working day.

## § 9 Notice
The contract may be ended with a notice period of six weeks to the end of a quarter. Notice is given in writing. It was first possible to give notice on 1 January 2026.
\f
## § 14 Confidentiality and records
Fernhill Instruments treats everything that it learns about patients as confidential. Maintenance records are kept for ten years and are then destroyed. Breaches are reported to the clinic within 24 hours.
""",
    "customers/contract-merian-logistics.pdf": """
# Framework Contract: Merian Logistics
Between Fernhill Instruments and Merian Logistics, signed on 2 September 2024. Contract number C-2024-088.

## § 1 Subject
Fernhill Instruments delivers Guardian Kits for the 120 vans of Merian Logistics and trains its two workshops.

## § 3 Prices
A Guardian Kit costs 1,890 euros, and 1,690 euros from the fiftieth kit on. Prices hold until 31 December 2026.
\f
## § 6 Delivery
Kits are delivered within 15 working days of an order. For each further week the price falls by 1 percent, by at most 5 percent.

## § 8 Notice
The contract may be ended with a notice period of 30 days to the end of a month. Orders that were placed before are still delivered.

## § 11 Records
Fitting records are kept for five years. Merian Logistics may see them at any time.
""",
}

DOCX = {
    "hr/employee-handbook.docx": """
# Employee Handbook
Fernhill Instruments, edition of February 2026.

## Working hours
The working week has 38 hours. Core time is from 10:00 to 15:00. Overtime is agreed beforehand and is balanced with free time within three months.

## Probation and notice
The probation period is six months. During probation the notice period is two weeks. After probation the notice period is three months to the end of a month. Notice is given in writing.

## Working from home
Up to three days a week may be worked from home. A home-office desk is approved by the head of the department and costs at most 450 euros. Equipment stays the property of the company.

## Training
Each employee has five days and 1,200 euros a year for training. The team lead approves a course; a course of more than 1,200 euros is approved by the management.

## Company car
| Grade | Monthly limit |
| Team lead | 420 euros |
| Head of department | 560 euros |
""",
    "product-docs/calibration-procedure.docx": """
# Calibration Procedure for the DS-40
Fernhill Instruments, document QP-112, revision 4.

## What is needed
The calibration frame CF-1, two reference targets at 2 and at 10 metres, and the program FernCal 5. The room has 18 to 24 degrees Celsius.

## Steps
The sensor warms up for 15 minutes. Then the distance to both targets is measured a hundred times each. The mean may differ from the reference by 1 millimetre at most.

## If the sensor fails
A sensor that differs by more than 1 millimetre is adjusted once. If it fails again it is sent to the workshop with the form QF-9.

## Records
Calibration certificates are kept for seven years. The next date stands on a label on the housing.
""",
}

MARKDOWN = {
    "hr/travel-policy.md": """
# Travel Policy

Valid from 1 July 2025.

## Trains and flights

Journeys of less than five hours are made by train. Premium economy may be booked on flights of more than six hours. Business class needs the approval of the management.

## Hotels and meals

A hotel costs at most 140 euros a night, breakfast included. In Zurich and London the limit is 190 euros. The daily allowance for meals is 32 euros.

## Expenses

Receipts are handed in within 30 days of the journey. Expenses are paid with the next salary.
""",
    "product-docs/firmware-3.2.md": """
# DS-40 Firmware 3.2: Release Notes

Released on 9 March 2026. It replaces firmware 3.1.

## Changed

- The default data rate is now 115,200 baud. It was 19,200 baud before.
- The sensor starts in 0.8 seconds instead of 2 seconds.

## Fixed

- A sensor at the end of a long cable no longer reports E-21 at random (ticket FI-2291).

## How to update

Connect the sensor with the cable UC-3 and start FernCal 5. The update takes four minutes and must not be interrupted.
""",
    "product-docs/firmware-3.1.md": """
# DS-40 Firmware 3.1: Release Notes

Released on 17 June 2024.

## Changed

- The default data rate is 19,200 baud.
- Measurements can be averaged over 2 to 64 values.

## Known problems

- At the end of a long cable the sensor may report E-21 at random (ticket FI-2291).
""",
    "customers/albers-visit-2026-02.md": """
# Visit to Albers Clinic, 11 February 2026

Present: Dr. Ines Albers, Tom Okafor (Fernhill), Lea Brandt (Fernhill).

- Three sensors in the west wing report E-17 every few days. The cleaning staff use a solvent; Lea sends them the care sheet.
- The clinic wants ten more sensors for the new children's ward by June 2026.
- Dr. Albers asks for an offer for five years instead of one.

Next step: Tom writes the offer by 20 February 2026.
""",
}

HTML = {
    "hr/it-security.html": """
# IT Security in Ten Minutes
## Passwords and devices
Passwords have at least 14 characters and are kept in the password safe. A second factor is required for mail and for the time system.
## Lost or stolen devices
A lost or stolen device is reported to the service desk within four hours, on extension 3300. The device is then erased from afar.
## Strange mail
Suspicious mail is forwarded to the service desk and not opened. Nobody at Fernhill asks for a password.
## Keeping data
Personal data of applicants is deleted six months after the decision. Mail is archived for six years.
""",
    "product-docs/faq.html": """
# Questions and Answers about our Products
## How long are measurements stored?
The DS-40 stores measurements for 90 days and then overwrites the oldest. The Guardian Kit stores nothing but its last ten warnings.
## Can the DS-40 be used outdoors?
Yes. The housing is protected to IP67 and works from minus 20 to plus 55 degrees Celsius.
## Where do I get spare parts?
Spare parts are ordered with the part number from the spare parts list. They are delivered within five working days.
""",
    "customers/merian-complaint.html": """
# Complaint of Merian Logistics, 6 October 2025
## What happened
On 22 September 2025 a delivery of 24 Guardian Kits arrived nine working days late. Two kits had a broken bracket GK-7-12.
## What was agreed
The price of the delivery was lowered by 2 percent. The two brackets were replaced on 30 September 2025 free of charge.
## What we change
The brackets are packed one by one from now on. Nadia Kern is responsible.
""",
}

TEXT = {
    "hr/first-day.txt": """
Your first day at Fernhill Instruments

08:30  Reception: your badge is ready. Bring your passport or identity card.
09:00  Welcome by Human Resources, room 2.14.
10:00  Your computer: the service desk sets it up with you (extension 3300).
11:30  A walk through the workshop; please wear closed shoes.
12:30  Lunch with your team. The canteen is paid with the badge.
14:00  Your team lead explains the first four weeks.

Parking: the car park behind building C is free. A space is requested at the reception.
""",
    "product-docs/spare-parts.txt": """
Spare parts list, April 2026

DS-40-W3     window for the DS-40            38.00 euros
DS-40-C5     cable for the DS-40, 5 metres   24.50 euros
UC-3         update cable                    61.00 euros
GK-7-12      bracket for the Guardian Kit    12.80 euros
GK-7-R       radar unit                     410.00 euros
AF-2         alignment frame                980.00 euros
CF-1         calibration frame            1,450.00 euros
""",
    "customers/invoice-INV-2025-0117.txt": """
Invoice INV-2025-0117                                      3 November 2025

To: Albers Clinic, Parkstrasse 8
For: maintenance in October 2025 under contract C-2025-031, § 1

Half-yearly maintenance of 48 sensors          5,760.00 euros
Two windows DS-40-W3                              76.00 euros
Value added tax 19 %                           1,108.84 euros
Total                                          6,944.84 euros

Payable within 30 days. Thank you.
""",
}

SCAN = {
    "hr/canteen-agreement-scan.pdf": """
Works Agreement on the Canteen

A lunch costs 4.80 euros for employees and
7.50 euros for guests. The canteen is open
from 11:30 to 14:00 on working days.

Signed on 3 December 2023
""",
}
