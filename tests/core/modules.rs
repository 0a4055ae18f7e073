//! How the core's modules hang together: no circles between them or between their files, few entries at the root, and each
//! type name once. Read from the syntax of the sources, so that every path counts: in `use`, in code and inside macros.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, ItemMod, ItemUse, Macro, UseTree, Visibility};

/// Segments of a path below the crate's root.
type Name = Vec<String>;

/// What one file says, as paths from the crate's root.
#[derive(Default)]
struct Source {
    file: PathBuf,
    /// Paths that it uses.
    uses: Vec<Name>,
    /// Names that it re-exports, and what they stand for.
    exports: BTreeMap<String, Name>,
    types: Vec<String>,
}

type Sources = BTreeMap<Name, Source>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The module that a file is. Tests that lie beside their module, in `name_tests.rs`, are part of it.
fn module_of(file: &Path) -> Name {
    let relative = file.strip_prefix(root()).unwrap().with_extension("");
    let mut name: Name = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    match name.last().unwrap().as_str() {
        "mod" | "lib" => {
            name.pop();
        }
        last => {
            if let Some(tested) = last.strip_suffix("_tests")
                && file.with_file_name(format!("{tested}.rs")).is_file()
                && std::fs::read_to_string(file.with_file_name(format!("{tested}.rs")))
                    .unwrap()
                    .contains(&format!("\"{last}.rs\""))
            {
                let (tested, at) = (tested.to_owned(), name.len() - 1);
                name[at] = tested;
                name.push("tests".into());
            }
        }
    }
    name
}

fn sources() -> Sources {
    let files = rust_files(&root());
    let modules: BTreeSet<Name> = files.iter().map(|file| module_of(file)).collect();
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let module = module_of(&file);
            let mut reader =
                Reader { modules: &modules, at: module.clone(), in_tests: false, source: Source::default() };
            reader.visit_file(&parsed);
            (module, Source { file, ..reader.source })
        })
        .collect()
}

/// Collects what a file says.
struct Reader<'a> {
    modules: &'a BTreeSet<Name>,
    /// The module that is being read, which may be an inline one.
    at: Name,
    in_tests: bool,
    source: Source,
}

impl Reader<'_> {
    /// A path as written, from the crate's root. `None` for other crates and for names in scope.
    fn absolute(&self, written: &[String]) -> Option<Name> {
        let above = written.iter().take_while(|part| *part == "super").count();
        match written.first()?.as_str() {
            "crate" => Some(written[1..].to_vec()),
            "self" => Some([&self.at, &written[1..]].concat()),
            "super" => Some([&self.at[..self.at.len() - above], &written[above..]].concat()),
            first => {
                let child = [self.at.clone(), vec![first.to_owned()]].concat();
                self.modules.contains(&child).then(|| [&self.at, written].concat())
            }
        }
    }

    fn use_path(&mut self, written: &[String]) {
        self.source.uses.extend(self.absolute(written));
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], is_export: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident), is_export),
            UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before, is_export));
            }
            UseTree::Name(name) if name.ident == "self" => self.named(before, None, is_export),
            UseTree::Name(name) => self.named(&with(&name.ident), None, is_export),
            UseTree::Rename(rename) => {
                self.named(&with(&rename.ident), Some(rename.rename.to_string()), is_export);
            }
            UseTree::Glob(_) => self.use_path(before),
        }
    }

    fn named(&mut self, written: &[String], alias: Option<String>, is_export: bool) {
        let Some(path) = self.absolute(written) else { return };
        if is_export {
            let name = alias.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
            self.source.exports.insert(name, path);
        } else {
            self.source.uses.push(path);
        }
    }

    /// Paths inside a macro's call, which is not parsed.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Name = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.use_path(&path);
                    (path, colons) = (Vec::new(), 0);
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.use_path(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let name = match item {
            Item::Struct(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        if !self.in_tests {
            self.source.types.extend(name.map(ToString::to_string));
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let Some((_, items)) = &module.content else { return };
        let was_in_tests = self.in_tests;
        self.in_tests |= module.ident == "tests";
        self.at.push(module.ident.to_string());
        items.iter().for_each(|item| self.visit_item(item));
        self.at.pop();
        self.in_tests = was_in_tests;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.use_path(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.tokens(called.tokens.clone());
    }

    /// `pub(in path)` says who may look, not what is used.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// The file that defines what a path names: through re-exports, which are not arrows of their own.
fn definer<'a>(sources: &'a Sources, path: &[String], depth: usize) -> &'a Name {
    assert!(depth < 20, "re-exports go in a circle: {path:?}");
    let (length, (module, source)) = (0..=path.len())
        .rev()
        .find_map(|length| Some((length, sources.get_key_value(&path[..length])?)))
        .expect("the root is a module");
    match path.get(length).and_then(|name| source.exports.get(name)) {
        Some(exported) if exported != path => {
            definer(sources, &[exported, &path[length + 1..]].concat(), depth + 1)
        }
        _ => module,
    }
}

/// Which nodes each node uses.
type Graph = BTreeMap<Name, BTreeSet<Name>>;

/// Arrows between files.
fn files(sources: &Sources) -> Graph {
    let without_tests = |module: &Name| match module.split_last() {
        Some((last, parent)) if last == "tests" && sources.contains_key(parent) => parent.to_vec(),
        _ => module.clone(),
    };
    let mut graph = Graph::new();
    for (module, source) in sources {
        let from = without_tests(module);
        let to = source.uses.iter().map(|path| without_tests(definer(sources, path, 0)));
        graph.entry(from.clone()).or_default().extend(to.filter(|to| *to != from));
    }
    graph
}

/// Arrows between the modules at the root.
fn modules(files: &Graph) -> Graph {
    let top = |name: &Name| name.first().map(|first| vec![first.clone()]);
    let mut graph = Graph::new();
    for (from, to) in files {
        let Some(from) = top(from) else { continue };
        let to = to.iter().filter_map(top).filter(|to| *to != from).collect::<Vec<_>>();
        graph.entry(from).or_default().extend(to);
    }
    graph
}

/// A way that leads from some node back to it.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    fn search(graph: &Graph, way: &mut Vec<Name>, done: &mut BTreeSet<Name>) -> Option<Vec<Name>> {
        let node = way.last().unwrap().clone();
        for next in graph.get(&node).into_iter().flatten() {
            if let Some(start) = way.iter().position(|seen| seen == next) {
                return Some([&way[start..], std::slice::from_ref(next)].concat());
            }
            if done.contains(next) {
                continue;
            }
            way.push(next.clone());
            if let found @ Some(_) = search(graph, way, done) {
                return found;
            }
            way.pop();
        }
        done.insert(node);
        None
    }
    let mut done = BTreeSet::new();
    let starts = graph.keys().cloned().collect::<Vec<_>>();
    let found = starts.into_iter().find_map(|start| search(graph, &mut vec![start], &mut done))?;
    Some(found.into_iter().map(|name| name.join("::")).collect())
}

#[test]
fn no_module_is_on_a_circle() {
    let files = files(&sources());
    let modules = modules(&files);
    assert!(modules.len() > 10 && modules.values().map(BTreeSet::len).sum::<usize>() > 30, "{modules:?}");
    assert_eq!(circle(&modules), None, "between modules");
    assert_eq!(circle(&files), None, "between files");
}

#[test]
fn a_circle_is_found() {
    let name = |text: &str| vec![text.to_owned()];
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in arrows {
            graph.entry(name(from)).or_default().insert(name(to));
        }
        graph
    };
    assert_eq!(circle(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    let found = circle(&graph(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")])).unwrap();
    assert_eq!(found, ["b", "c", "d", "b"]);
}

#[test]
fn the_root_is_small() {
    let entries = std::fs::read_dir(root()).unwrap().count();
    assert!(entries <= 20, "{entries} entries in core/src; at most 20");
}

#[test]
fn each_type_name_is_used_once() {
    let mut seen: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for source in sources().into_values() {
        for name in source.types {
            seen.entry(name).or_default().push(source.file.strip_prefix(root()).unwrap().to_owned());
        }
    }
    assert!(seen.len() > 200, "{}", seen.len());
    seen.retain(|_, files| files.len() > 1);
    assert!(seen.is_empty(), "{seen:#?}");
}
