//! The properties of the picture that a packet describes, and of no other.

use std::collections::HashMap;

use roxmltree::{Document, Node};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A name space, without a slash at its end, and a name.
pub(super) type Name<'a> = (&'a str, &'a str);

/// What a property is.
enum Property<'a, 'input> {
    Attribute(&'a str),
    Element(Node<'a, 'input>),
}

/// All properties by their names. One may stand in a packet several times.
pub(super) struct Properties<'a, 'input>(HashMap<Name<'a>, Vec<Property<'a, 'input>>>);

impl<'a, 'input> Properties<'a, 'input> {
    pub(super) fn of(document: &'a Document<'input>) -> Self {
        let mut all: HashMap<Name<'_>, Vec<_>> = HashMap::new();
        for description in descriptions(document) {
            for attribute in description.attributes() {
                let name = (space(attribute.namespace()), attribute.name());
                all.entry(name).or_default().push(Property::Attribute(attribute.value()));
            }
            for element in description.children().filter(Node::is_element) {
                let name = (space(element.tag_name().namespace()), element.tag_name().name());
                all.entry(name).or_default().push(Property::Element(element));
            }
        }
        Self(all)
    }

    /// The text of a property; of a list its first item.
    pub(super) fn text(&self, name: Name<'_>) -> Option<&'a str> {
        let texts = self.0.get(&name)?.iter().filter_map(|property| match property {
            Property::Attribute(text) => Some(*text),
            Property::Element(element) => text_of(items(*element).next().unwrap_or(*element)),
        });
        texts.map(str::trim).find(|text| !text.is_empty())
    }

    /// The items of a list, of all its places together.
    pub(super) fn list(&self, name: Name<'_>) -> Vec<&'a str> {
        let elements = self.0.get(&name).into_iter().flatten().filter_map(|property| match property {
            Property::Attribute(_) => None,
            Property::Element(element) => Some(*element),
        });
        elements.flat_map(items).filter_map(text_of).collect()
    }

    /// The text of a list of languages: the one that is meant for all.
    pub(super) fn default_text(&self, name: Name<'_>) -> Option<&'a str> {
        const LANGUAGE: (&str, &str) = ("http://www.w3.org/XML/1998/namespace", "lang");
        let element = self.0.get(&name)?.iter().find_map(|property| match property {
            Property::Attribute(_) => None,
            Property::Element(element) => Some(*element),
        });
        let is_default = |item: &Node<'_, '_>| item.attribute(LANGUAGE) == Some("x-default");
        element.and_then(|element| text_of(items(element).find(is_default)?)).or_else(|| self.text(name))
    }
}

fn space(name: Option<&str>) -> &str {
    name.unwrap_or_default().trim_end_matches('/')
}

/// The descriptions of the picture. Programs may write several; one that is about something else describes that, unless
/// all are about the same.
fn descriptions<'a, 'input>(document: &'a Document<'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    let rdf = document.descendants().find(|node| node.has_tag_name((RDF, "RDF")));
    let all = move || {
        rdf.into_iter().flat_map(|rdf| rdf.children()).filter(|node| node.has_tag_name((RDF, "Description")))
    };
    let about = |node: &Node<'a, 'input>| {
        node.attribute((RDF, "about")).or(node.attribute("about")).unwrap_or_default()
    };
    let first = all().next().map(|node| about(&node));
    let subject = if all().any(|node| about(&node).is_empty()) { Some("") } else { first };
    all().filter(move |node| Some(about(node)) == subject)
}

fn items<'a, 'input>(property: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    property.children().flat_map(|list| list.children()).filter(|node| node.has_tag_name((RDF, "li")))
}

/// The text of an element, which may be the value of one that says more of it.
fn text_of<'a>(element: Node<'a, '_>) -> Option<&'a str> {
    let qualified = || element.descendants().find(|node| node.has_tag_name((RDF, "value")))?.text();
    element.text().filter(|text| !text.trim().is_empty()).or_else(qualified)
}
