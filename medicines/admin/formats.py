"""Tables that leave and come in: a cell that a spreadsheet would take for a formula leaves as text."""

from __future__ import annotations

from typing import Any

from import_export.formats.base_formats import CSV, XLSX

from medicines.documents.formulas import inert, unmarked


class InertCSV(CSV):
    def export_data(self, dataset: Any, **options: Any) -> Any:
        return super().export_data(_each_cell(dataset, inert), **options)

    def create_dataset(self, in_stream: Any, **options: Any) -> Any:
        return _each_cell(super().create_dataset(in_stream, **options), unmarked)


class InertXLSX(XLSX):
    def export_data(self, dataset: Any, **options: Any) -> Any:
        return super().export_data(_each_cell(dataset, inert), **options)

    def create_dataset(self, in_stream: Any) -> Any:
        return _each_cell(super().create_dataset(in_stream), unmarked)


def _each_cell(dataset: Any, change: Any) -> Any:
    for number in range(len(dataset)):
        dataset[number] = tuple(change(cell) for cell in dataset[number])
    return dataset
