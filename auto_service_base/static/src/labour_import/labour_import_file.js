import {BinaryField, binaryField} from "@web/views/fields/binary/binary_field";
import {registry} from "@web/core/registry";

/** The file of an import: it is read as soon as it is chosen. */
export class LabourImportFile extends BinaryField {
    async update(changes) {
        await super.update(changes);
        if (changes.data) {
            await this.props.record.save();
        }
    }
}

registry.category("fields").add("labour_import_file", {
    ...binaryField,
    component: LabourImportFile,
});
