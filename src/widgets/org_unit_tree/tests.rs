//! The tree's own rules: ticks, opening and closing, and where a key leads.

use super::*;

fn unit(id: &str, parent: &str) -> TreeUnit {
    TreeUnit {
        id: id.to_owned(),
        name: format!("Unité {id}"),
        parent: parent.to_owned(),
    }
}

/// a(b(c, d), e(f)), g
fn tree() -> UnitTree {
    let units = [
        ("g", "gone"),
        ("a", ""),
        ("e", "a"),
        ("b", "a"),
        ("d", "b"),
        ("c", "b"),
        ("f", "e"),
    ];
    UnitTree::new(units.iter().map(|(id, parent)| unit(id, parent)).collect())
}

fn ids(tree: &UnitTree, rows: &[TreeRow]) -> String {
    rows.iter()
        .filter_map(|row| tree.unit(row.node))
        .map(|unit| unit.id.as_str())
        .collect()
}

fn node(tree: &UnitTree, id: &str) -> usize {
    tree.find(id).expect("a unit")
}

#[test]
fn siblings_stand_by_name_and_orphans_are_roots() {
    let tree = tree();
    let all: BTreeSet<usize> = (0..tree.len()).collect();
    assert_eq!(ids(&tree, &tree.rows(&all, "")), "abcdefg");
    assert_eq!(ids(&tree, &tree.rows(&BTreeSet::new(), "")), "ag");
    assert_eq!(tree.level(node(&tree, "f")), 3);
    assert_eq!(tree.place(node(&tree, "e")), (2, 2));
}

#[test]
fn only_open_units_show_what_is_below() {
    let tree = tree();
    let open = BTreeSet::from([node(&tree, "a"), node(&tree, "e")]);
    let rows = tree.rows(&open, "");
    assert_eq!(ids(&tree, &rows), "abefg");
    assert_eq!(rows[1].open, Some(false));
    assert_eq!(rows[3].open, None);
}

#[test]
fn a_search_shows_matches_and_the_way_to_them() {
    let tree = tree();
    assert_eq!(ids(&tree, &tree.rows(&BTreeSet::new(), "UNITE d")), "abd");
    assert_eq!(ids(&tree, &tree.rows(&BTreeSet::new(), "zzz")), "");
    assert!(tree.matches(node(&tree, "d"), "unité D"));
    assert!(!tree.matches(node(&tree, "a"), "unité D"));
}

#[test]
fn a_tick_stands_for_all_below() {
    let tree = tree();
    let mut ticks = Ticks::default();
    ticks.toggle(&tree, node(&tree, "b"));
    assert_eq!(ticks.state(&tree, node(&tree, "c")), Tick::On);
    assert_eq!(ticks.state(&tree, node(&tree, "a")), Tick::Mixed);
    assert_eq!(ticks.state(&tree, node(&tree, "f")), Tick::Off);
    assert_eq!(ticks.ids(&tree), ["b"]);
    assert_eq!(ticks.covered(&tree), 3);
}

#[test]
fn unticking_one_leaves_the_others() {
    let tree = tree();
    let mut ticks = Ticks::of(
        &tree,
        &["a".to_owned(), "d".to_owned(), "nowhere".to_owned()],
    );
    assert_eq!(ticks.ids(&tree), ["a"]);
    ticks.toggle(&tree, node(&tree, "d"));
    assert_eq!(ticks.ids(&tree), ["c", "e"]);
    assert_eq!(ticks.state(&tree, node(&tree, "b")), Tick::Mixed);
}

#[test]
fn the_last_of_the_siblings_ticks_the_unit_above() {
    let tree = tree();
    let mut ticks = Ticks::of(&tree, &["c".to_owned(), "e".to_owned()]);
    ticks.toggle(&tree, node(&tree, "d"));
    assert_eq!(ticks.ids(&tree), ["a"]);
}

#[test]
fn ten_thousand_units_are_quick() {
    let units = (0..10_000).map(|at| {
        unit(
            &format!("u{at}"),
            &if at == 0 {
                String::new()
            } else {
                format!("u{}", (at - 1) / 8)
            },
        )
    });
    let tree = UnitTree::new(units.collect());
    let all: BTreeSet<usize> = (0..tree.len()).collect();
    assert_eq!(tree.rows(&all, "").len(), 10_000);
    let mut ticks = Ticks::default();
    ticks.toggle(&tree, 0);
    ticks.toggle(&tree, 9_999);
    assert_eq!(ticks.covered(&tree), 10_000 - 1 - tree_depth(&tree, 9_999));
}

/// How many units are above a node.
fn tree_depth(tree: &UnitTree, node: usize) -> usize {
    tree.level(node) - 1
}
