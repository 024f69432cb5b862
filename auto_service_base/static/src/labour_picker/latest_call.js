/**
 * Runs one task at a time. Of the tasks that come while one is running only the last is
 * kept: a slow server is asked for what is wanted now, never for what was wanted before.
 */
export class LatestCall {
    constructor() {
        this.running = null;
        this.waiting = null;
    }

    /** Whether what the running task will bring is already out of date. */
    get isOutdated() {
        return Boolean(this.waiting);
    }

    /**
     * @param {Function} task async function that handles its own errors
     * @returns {Promise<void>} when nothing is left to do
     */
    run(task) {
        if (this.running) {
            this.waiting = task;
        } else {
            this.running = this._runAll(task);
        }
        return this.running;
    }

    async _runAll(task) {
        try {
            let current = task;
            while (current) {
                this.waiting = null;
                await current();
                current = this.waiting;
            }
        } finally {
            this.running = null;
            this.waiting = null;
        }
    }
}
