/** Arithmetic of the grid of shifts: days, rectangles of cells, rules, sums. */

/**
 * Days of the grid.
 *
 * @param {object} first luxon date of the first day
 * @param {number} count
 * @param {string} [today] as text
 * @returns {object[]}
 */
export function listDays(first, count, today) {
    return Array.from({length: count}, (_value, index) => {
        const day = first.plus({days: index});
        const key = day.toISODate();
        return {
            key,
            index,
            number: day.day,
            weekday: day.toFormat("ccc"),
            isWeekend: day.weekday > 5,
            isMonday: day.weekday === 1,
            isToday: key === today,
            label: day.toLocaleString({weekday: "long", day: "numeric", month: "long"}),
        };
    });
}

/**
 * Cells between two corners, whichever way the mouse went.
 *
 * @param {object} from {row, day}: indexes
 * @param {object} to
 * @returns {object[]}
 */
export function listCells(from, to) {
    const cells = [];
    for (
        let row = Math.min(from.row, to.row);
        row <= Math.max(from.row, to.row);
        row++
    ) {
        for (
            let day = Math.min(from.day, to.day);
            day <= Math.max(from.day, to.day);
            day++
        ) {
            cells.push({row, day});
        }
    }
    return cells;
}

/**
 * First and last day of a drag in one row; null where the drag does not reach it.
 *
 * @param {object|null} drag {from, to}
 * @param {number} row
 * @returns {string|null}
 */
export function getDragSpan(drag, row) {
    if (!drag) {
        return null;
    }
    const {from, to} = drag;
    if (row < Math.min(from.row, to.row) || row > Math.max(from.row, to.row)) {
        return null;
    }
    return `${Math.min(from.day, to.day)}-${Math.max(from.day, to.day)}`;
}

/**
 * What a rule enters for one person: template ids, false on days off.
 *
 * @param {object[]} steps {templateId, days}
 * @param {number} count how many days
 * @param {number} [offset] days by which the person begins later
 * @returns {Array}
 */
export function listRule(steps, count, offset = 0) {
    const cycle = steps.flatMap((step) =>
        Array.from({length: Math.max(0, step.days || 0)}, () => step.templateId),
    );
    if (!cycle.length) {
        return [];
    }
    const at = (index) =>
        (((index - offset) % cycle.length) + cycle.length) % cycle.length;
    return Array.from({length: count}, (_value, index) => cycle[at(index)]);
}

/**
 * Hours and heads of every day: what the last line of the grid shows.
 *
 * @param {object[]} rows
 * @param {object[]} days
 * @returns {object[]}
 */
export function sumDays(rows, days) {
    return days.map(({key}) => {
        const total = {key, heads: 0, hours: 0};
        for (const row of rows) {
            const shifts = row.cells[key] || [];
            const hours =
                shifts.reduce((sum, shift) => sum + shift.hours, 0) ||
                row.weekly[key] ||
                0;
            total.hours += hours;
            total.heads += hours && !(key in row.leaves && shifts.length) ? 1 : 0;
        }
        return total;
    });
}

/**
 * Hours as people of a garage write them: 7.5, 40.
 *
 * @param {number} hours
 * @returns {string}
 */
export function formatGridHours(hours) {
    return String(Math.round(hours * 100) / 100);
}

/**
 * Local hour as a clock: 8.5 is 8:30, whole hours short.
 *
 * @param {number} hour
 * @returns {string}
 */
export function formatClock(hour) {
    const minutes = Math.round((hour % 24) * 60);
    const rest = minutes % 60;
    const whole = Math.floor(minutes / 60);
    return rest ? `${whole}:${String(rest).padStart(2, "0")}` : String(whole);
}

/**
 * Cells that bring the grid back to what it was before a change of these cells.
 *
 * @param {object[]} rows before the change
 * @param {Array[]} cells [resource id, day, template id]
 * @returns {Array[]}
 */
export function listUndo(rows, cells) {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return cells.map(([id, day]) => {
        const [shift] = byId.get(id)?.cells[day] || [];
        return [id, day, shift ? shift.template_id : false];
    });
}
