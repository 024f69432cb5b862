import {
    SectionAndNoteFieldOne2Many,
    SectionAndNoteListRenderer,
    sectionAndNoteFieldOne2Many,
} from "@account/components/section_and_note_fields_backend/section_and_note_fields_backend";
import {registry} from "@web/core/registry";

/**
 * Lines of a work order: a section is a job. A visit may have several estimates (one per
 * payer); a line that is added under a job goes to the estimate of that job.
 */
export class WorkOrderLinesRenderer extends SectionAndNoteListRenderer {
    getInsertLineContext(record, addSubSection) {
        const context = super.getInsertLineContext(record, addSubSection);
        if (record.data.order_id) {
            context.default_order_id = record.data.order_id.id;
        }
        return context;
    }

    /**
     * The row of a job also shows who pays: the same job may stand on two estimates.
     */
    getSectionColumns(columns, record) {
        const payer = columns.find((column) => column.name === "order_pay_type");
        const sectionColumns = super.getSectionColumns(columns, record);
        if (!payer || !this.isSection(record)) {
            return sectionColumns;
        }
        const title = sectionColumns.find((column) => column.name === this.titleField);
        title.colspan -= 1;
        sectionColumns.splice(sectionColumns.indexOf(title) + 1, 0, {...payer});
        return sectionColumns;
    }
}

export class WorkOrderLinesField extends SectionAndNoteFieldOne2Many {
    static components = {
        ...SectionAndNoteFieldOne2Many.components,
        ListRenderer: WorkOrderLinesRenderer,
    };
}

registry.category("fields").add("work_order_lines", {
    ...sectionAndNoteFieldOne2Many,
    component: WorkOrderLinesField,
});
