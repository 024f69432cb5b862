"""Visits of the months before: fleets that come with the same work again and again.

From such jobs, with one operation each, the garage learns its own times.
"""

#: Plate; working days ago; place of the technician; jobs as (name, operation, clocked
#: hours, parts).
HISTORY = [
    ("AA TX-014", 170, 3, [("Oil service", "M-010", 0.42, ["5W30-504-5L"])]),
    (
        "501 NWC",
        162,
        2,
        [
            ("Oil service", "M-010", 0.72, ["5W40-A3B4-4L x3"]),
            ("Front brake pads", "M-020", 1.05, ["GDB1763"]),
        ],
    ),
    (
        "314 BKR",
        155,
        1,
        [
            ("Oil service", "M-010", 0.45, ["OC 1063", "5W30-504-5L"]),
            ("Summer wheels", "T-010", 0.62, []),
        ],
    ),
    (
        "502 NWC",
        149,
        2,
        [
            ("Oil service", "M-010", 0.81, ["5W40-A3B4-4L x3"]),
            ("Front brake pads", "M-020", 1.18, ["GDB1763"]),
        ],
    ),
    (
        "315 BKR",
        143,
        1,
        [
            ("Oil service", "M-010", 0.5, ["OC 1063", "5W30-504-5L"]),
            ("Summer wheels", "T-010", 0.7, []),
        ],
    ),
    ("AA TX-014", 128, 3, [("Oil service", "M-010", 0.38, ["5W30-504-5L"])]),
    (
        "501 NWC",
        117,
        0,
        [
            ("Oil service", "M-010", 0.76, ["5W40-A3B4-4L x3"]),
            ("Front brake pads", "M-020", 1.1, ["GDB1763"]),
        ],
    ),
    (
        "314 BKR",
        104,
        1,
        [
            ("Oil service", "M-010", 0.47, ["OC 1063", "5W30-504-5L"]),
            ("Winter wheels", "T-010", 0.66, []),
        ],
    ),
    ("AA TX-014", 96, 3, [("Oil service", "M-010", 0.44, ["5W30-504-5L"])]),
]


def get_history():
    """The visits as :class:`VisitPlayer` reads them, the oldest first.

    :return: list of dicts, see ``visits``
    """
    return [
        {
            "plate": plate,
            "day": -days,
            "hour": 9,
            "promise": 7,
            "step": "delivered",
            "complaint": ", ".join(name for name, *_rest in jobs) + ".",
            "jobs": [
                {
                    "name": name,
                    "lines": [operation, *parts],
                    "tech": technician,
                    "work": "done",
                    "hours": hours,
                }
                for name, operation, hours, parts in jobs
            ],
            "approval": "email",
            "money": "paid",
        }
        for plate, days, technician, jobs in HISTORY
    ]
