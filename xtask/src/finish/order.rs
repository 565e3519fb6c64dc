//! The functions of a program in the order in which they compress best.
//!
//! The compiler makes one function many times over for different types; where the linker left them,
//! the look-alikes stand far apart. Sorted by signature and code they stand side by side, which
//! takes a fortieth off what a phone downloads first. What the program does is the same.

use super::at;
use crate::Outcome;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, TypeRef,
};

/// Every program directly in `dir`.
pub(super) fn programs(dir: &Path) -> Outcome {
    for entry in fs::read_dir(dir).map_err(|e| at(dir, &e))? {
        let path = entry.map_err(|e| at(dir, &e))?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let program = fs::read(&path).map_err(|e| at(&path, &e))?;
            let sorted = sorted(&program).map_err(|e| format!("{}: {e}", path.display()))?;
            fs::write(&path, sorted).map_err(|e| at(&path, &e))?;
        }
    }
    Ok(())
}

/// The same program, its functions sorted.
fn sorted(program: &[u8]) -> Outcome<Vec<u8>> {
    let mut order = Order::of(program).map_err(|e| e.to_string())?;
    let mut made = Module::new();
    let parser = Parser::new(0);
    order
        .parse_core_module(&mut made, parser, program)
        .map_err(|e| e.to_string())?;
    Ok(made.finish())
}

struct Order {
    imported: u32,
    /// By new place: the old one.
    sorted: Vec<usize>,
    /// By old place: the new one.
    places: Vec<u32>,
}

impl Order {
    fn of(program: &[u8]) -> wasmparser::Result<Self> {
        let (mut imported, mut types, mut codes) = (0, Vec::new(), Vec::new());
        for part in Parser::new(0).parse_all(program) {
            match part? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(functions) => {
                    types = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => codes.push(code(&body, program)?),
                _ => {}
            }
        }
        let mut order: Vec<usize> = (0..codes.len()).collect();
        order.sort_by(|a, b| (types.get(*a), &codes[*a]).cmp(&(types.get(*b), &codes[*b])));
        let mut places = vec![0; order.len()];
        for (place, old) in (0..).zip(&order) {
            places[*old] = place;
        }
        Ok(Self {
            imported,
            sorted: order,
            places,
        })
    }

    fn place(&self, function: u32) -> Option<u32> {
        let Some(own) = function.checked_sub(self.imported) else {
            return Some(function);
        };
        let place = self.places.get(usize::try_from(own).ok()?)?;
        Some(place + self.imported)
    }
}

/// A function's code without the names of what it calls: they change with the order.
fn code(body: &FunctionBody<'_>, program: &[u8]) -> wasmparser::Result<Vec<u8>> {
    let mut code = Vec::new();
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        let from = reader.original_position();
        let operator = reader.read()?;
        let to = match operator {
            Operator::Call { .. } => from + 1,
            _ => reader.original_position(),
        };
        if let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) {
            code.extend_from_slice(program.get(from..to).unwrap_or_default());
        }
    }
    Ok(code)
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        self.place(function).ok_or(Error::InvalidConstExpr)
    }

    fn parse_function_section(
        &mut self,
        made: &mut FunctionSection,
        functions: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types: Vec<u32> = functions.into_iter().collect::<Result<_, _>>()?;
        for old in &self.sorted {
            made.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        made: &mut CodeSection,
        codes: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let codes: Vec<_> = codes.into_iter().collect::<Result<_, _>>()?;
        for old in self.sorted.clone() {
            self.parse_function_body(made, codes[old].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function,
        FunctionSection, Instruction, Module, RefType, TableSection, TableType, TypeSection,
    };

    /// Ten functions, each of which answers its own number; the last calls the first.
    fn program() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], [wasm_encoder::ValType::I32]);
        module.section(&types);
        let mut functions = FunctionSection::new();
        (0..10).for_each(|_| {
            functions.function(0);
        });
        module.section(&functions);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 10,
            maximum: None,
            shared: false,
        });
        module.section(&tables);
        let mut exports = ExportSection::new();
        for no in 0..10 {
            exports.export(&format!("f{no}"), ExportKind::Func, no);
        }
        module.section(&exports);
        let mut elements = ElementSection::new();
        elements.active(
            None,
            &ConstExpr::i32_const(0),
            Elements::Functions((0..10).collect::<Vec<u32>>().into()),
        );
        module.section(&elements);
        let mut codes = CodeSection::new();
        for no in 0..10 {
            let mut function = Function::new([]);
            if no == 9 {
                function.instruction(&Instruction::Call(0));
            } else {
                // Falling numbers: sorting turns them round.
                function.instruction(&Instruction::I32Const(50 - no));
            }
            function.instruction(&Instruction::End);
            codes.function(&function);
        }
        module.section(&codes);
        module.finish()
    }

    /// By exported name: the number that the function answers, or the function that it calls.
    fn told(program: &[u8]) -> Vec<(String, String)> {
        let (mut exports, mut codes) = (Vec::new(), Vec::new());
        for part in Parser::new(0).parse_all(program) {
            match part.unwrap() {
                Payload::ExportSection(all) => {
                    exports.extend(
                        all.into_iter()
                            .map(|e| e.map(|e| (e.name, e.index)).unwrap()),
                    );
                }
                Payload::CodeSectionEntry(body) => {
                    codes.push(body.get_operators_reader().unwrap().read().unwrap());
                }
                _ => {}
            }
        }
        let name = |index: u32| exports.iter().find(|e| e.1 == index).unwrap().0.to_owned();
        let told = |index: u32| match &codes[index as usize] {
            Operator::Call { function_index } => name(*function_index),
            other => format!("{other:?}"),
        };
        let mut all: Vec<_> = exports
            .iter()
            .map(|e| (e.0.to_owned(), told(e.1)))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn sorted_functions_are_still_called_by_their_names() {
        let before = program();
        let after = sorted(&before).unwrap();
        assert_ne!(before, after);
        assert_eq!(told(&before), told(&after));
    }

    #[test]
    fn what_is_no_program_is_said_to_be_none() {
        assert!(sorted(b"not wasm at all").is_err());
    }
}
