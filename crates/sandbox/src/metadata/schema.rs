//! What the sandbox knows of each kind of object: its names, who may create it,
//! what must be unique, and what it refers to.

/// One kind of object.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Plural, as in the API path.
    pub collection: &'static str,
    /// Java class, as import reports name it.
    pub klass: &'static str,
    /// Singular with a capital, as messages name it.
    pub name: &'static str,
    /// Holding one of these is enough to create such objects. Empty: only superusers.
    pub create: &'static [&'static str],
    /// Sharing decides who reads and writes.
    pub shareable: bool,
    /// Sharing also decides who reads and writes data.
    pub data_shareable: bool,
    /// Public access of a new object by somebody who may make public ones.
    pub public: &'static str,
    /// Members whose values no two objects share.
    pub unique: &'static [&'static str],
}

macro_rules! schemas {
    ($($collection:literal, $klass:literal, $create:expr, $sharing:literal, $unique:expr;)*) => {
        /// All kinds of objects, in the order in which an import takes them.
        pub const SCHEMAS: &[Schema] = &[$(Schema {
            collection: $collection,
            klass: concat!("org.hisp.dhis.", $klass),
            name: last($klass),
            create: $create,
            shareable: !$sharing.is_empty(),
            data_shareable: $sharing.len() > 1 && matches!($sharing.as_bytes(), [b'd', ..]),
            public: if matches!($sharing.as_bytes(), [b'p', ..]) { "--------" } else { "rw------" },
            unique: $unique,
        }),*];
    };
}

/// The last part of a dotted name.
const fn last(name: &'static str) -> &'static str {
    let mut at = name.len();
    while at > 0 && name.as_bytes()[at - 1] != b'.' {
        at -= 1;
    }
    name.split_at(at).1
}

const CODE: &[&str] = &["code"];
const NAME: &[&str] = &["code", "name"];
const SHORT: &[&str] = &["code", "name", "shortName"];

// Sharing: "" none, "s" shareable, "data" with data sharing, "private" shareable and private at first.
schemas! {
    "userRoles", "user.UserRole", &["F_USERROLE_PUBLIC_ADD", "F_USERROLE_PRIVATE_ADD"], "s", NAME;
    "users", "user.User", &["F_USER_ADD", "F_USER_ADD_WITHIN_MANAGED_GROUP"], "", &["code", "username"];
    "userGroups", "user.UserGroup", &["F_USERGROUP_PUBLIC_ADD", "F_USERGROUP_PRIVATE_ADD"], "s", CODE;
    "attributes", "attribute.Attribute", &["F_ATTRIBUTE_PUBLIC_ADD", "F_ATTRIBUTE_PRIVATE_ADD"], "s", SHORT;
    "optionSets", "option.OptionSet", &["F_OPTIONSET_PUBLIC_ADD", "F_OPTIONSET_PRIVATE_ADD"], "s", NAME;
    "options", "option.Option", &["F_OPTIONSET_PUBLIC_ADD", "F_OPTIONSET_PRIVATE_ADD"], "", &[];
    "legendSets", "legend.LegendSet", &["F_LEGEND_SET_PUBLIC_ADD", "F_LEGEND_SET_PRIVATE_ADD"], "s", NAME;
    "organisationUnits", "organisationunit.OrganisationUnit", &["F_ORGANISATIONUNIT_ADD"], "", CODE;
    "organisationUnitLevels", "organisationunit.OrganisationUnitLevel", &["F_ORGANISATIONUNITLEVEL_UPDATE"], "", CODE;
    "organisationUnitGroups", "organisationunit.OrganisationUnitGroup", &["F_ORGUNITGROUP_PUBLIC_ADD", "F_ORGUNITGROUP_PRIVATE_ADD"], "s", SHORT;
    "organisationUnitGroupSets", "organisationunit.OrganisationUnitGroupSet", &["F_ORGUNITGROUPSET_PUBLIC_ADD", "F_ORGUNITGROUPSET_PRIVATE_ADD"], "s", SHORT;
    "categoryOptions", "category.CategoryOption", &["F_CATEGORY_OPTION_PUBLIC_ADD", "F_CATEGORY_OPTION_PRIVATE_ADD"], "data", NAME;
    "categories", "category.Category", &["F_CATEGORY_PUBLIC_ADD", "F_CATEGORY_PRIVATE_ADD"], "s", SHORT;
    "categoryCombos", "category.CategoryCombo", &["F_CATEGORY_COMBO_PUBLIC_ADD", "F_CATEGORY_COMBO_PRIVATE_ADD"], "s", NAME;
    "categoryOptionCombos", "category.CategoryOptionCombo", &["F_CATEGORY_COMBO_PUBLIC_ADD", "F_CATEGORY_COMBO_PRIVATE_ADD"], "", CODE;
    "categoryOptionGroups", "category.CategoryOptionGroup", &["F_CATEGORY_OPTION_GROUP_PUBLIC_ADD", "F_CATEGORY_OPTION_GROUP_PRIVATE_ADD"], "data", SHORT;
    "categoryOptionGroupSets", "category.CategoryOptionGroupSet", &["F_CATEGORY_OPTION_GROUP_SET_PUBLIC_ADD", "F_CATEGORY_OPTION_GROUP_SET_PRIVATE_ADD"], "s", SHORT;
    "dataElements", "dataelement.DataElement", &["F_DATAELEMENT_PUBLIC_ADD", "F_DATAELEMENT_PRIVATE_ADD"], "s", SHORT;
    "dataElementGroups", "dataelement.DataElementGroup", &["F_DATAELEMENTGROUP_PUBLIC_ADD", "F_DATAELEMENTGROUP_PRIVATE_ADD"], "s", SHORT;
    "dataElementGroupSets", "dataelement.DataElementGroupSet", &["F_DATAELEMENTGROUPSET_PUBLIC_ADD", "F_DATAELEMENTGROUPSET_PRIVATE_ADD"], "s", SHORT;
    "indicatorTypes", "indicator.IndicatorType", &["F_INDICATORTYPE_ADD"], "", NAME;
    "indicators", "indicator.Indicator", &["F_INDICATOR_PUBLIC_ADD", "F_INDICATOR_PRIVATE_ADD"], "s", SHORT;
    "indicatorGroups", "indicator.IndicatorGroup", &["F_INDICATORGROUP_PUBLIC_ADD", "F_INDICATORGROUP_PRIVATE_ADD"], "s", NAME;
    "dataApprovalLevels", "dataapproval.DataApprovalLevel", &["F_DATA_APPROVAL_LEVEL"], "s", CODE;
    "dataApprovalWorkflows", "dataapproval.DataApprovalWorkflow", &["F_DATA_APPROVAL_WORKFLOW"], "s", NAME;
    "dataSets", "dataset.DataSet", &["F_DATASET_PUBLIC_ADD", "F_DATASET_PRIVATE_ADD"], "data", CODE;
    "sections", "dataset.Section", &["F_DATASET_PUBLIC_ADD", "F_DATASET_PRIVATE_ADD"], "", CODE;
    "dataEntryForms", "dataentryform.DataEntryForm", &["F_DATASET_PUBLIC_ADD", "F_DATASET_PRIVATE_ADD"], "", CODE;
    "validationRules", "validation.ValidationRule", &["F_VALIDATIONRULE_PUBLIC_ADD", "F_VALIDATIONRULE_PRIVATE_ADD"], "s", CODE;
    "validationRuleGroups", "validation.ValidationRuleGroup", &["F_VALIDATIONRULEGROUP_PUBLIC_ADD", "F_VALIDATIONRULEGROUP_PRIVATE_ADD"], "s", NAME;
    "constants", "constant.Constant", &["F_CONSTANT_ADD"], "s", SHORT;
    "programs", "program.Program", &["F_PROGRAM_PUBLIC_ADD", "F_PROGRAM_PRIVATE_ADD"], "data", CODE;
    "programIndicators", "program.ProgramIndicator", &["F_PROGRAM_INDICATOR_PUBLIC_ADD", "F_PROGRAM_INDICATOR_PRIVATE_ADD"], "s", SHORT;
    "predictors", "predictor.Predictor", &["F_PREDICTOR_ADD"], "", SHORT;
    "visualizations", "visualization.Visualization", &["F_VISUALIZATION_PUBLIC_ADD"], "s", CODE;
    "maps", "mapping.Map", &["F_MAP_PUBLIC_ADD"], "s", CODE;
    "dashboards", "dashboard.Dashboard", &["F_DASHBOARD_PUBLIC_ADD"], "s", CODE;
    "routes", "route.Route", &["F_ROUTE_PUBLIC_ADD", "F_ROUTE_PRIVATE_ADD"], "private", NAME;
}

/// The kind of object of a collection.
pub fn of(collection: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|s| s.collection == collection)
}

/// Member name → the collection that its `id`s are from.
const REFERENCES: &[(&str, &str)] = &[
    (
        "aggregateExportAttributeOptionCombo",
        "categoryOptionCombos",
    ),
    ("aggregateExportCategoryOptionCombo", "categoryOptionCombos"),
    ("ancestors", "organisationUnits"),
    ("attribute", "attributes"),
    ("attributeOptionCombo", "categoryOptionCombos"),
    ("categories", "categories"),
    ("categoryCombo", "categoryCombos"),
    ("categoryCombos", "categoryCombos"),
    ("categoryOptionCombo", "categoryOptionCombos"),
    ("categoryOptionCombos", "categoryOptionCombos"),
    ("categoryOptions", "categoryOptions"),
    ("children", "organisationUnits"),
    ("commentOptionSet", "optionSets"),
    ("createdBy", "users"),
    ("dataApprovalLevels", "dataApprovalLevels"),
    ("dataElement", "dataElements"),
    ("dataElementGroups", "dataElementGroups"),
    ("dataElements", "dataElements"),
    ("dataEntryForm", "dataEntryForms"),
    ("dataSet", "dataSets"),
    ("dataSets", "dataSets"),
    ("dataViewOrganisationUnits", "organisationUnits"),
    ("greyedFields", ""),
    ("groups", ""),
    ("indicatorGroups", "indicatorGroups"),
    ("indicatorType", "indicatorTypes"),
    ("indicators", "indicators"),
    ("lastUpdatedBy", "users"),
    ("legendSet", "legendSets"),
    ("legendSets", "legendSets"),
    ("optionSet", "optionSets"),
    ("options", "options"),
    ("organisationUnit", "organisationUnits"),
    ("organisationUnitGroups", "organisationUnitGroups"),
    ("organisationUnits", "organisationUnits"),
    ("parent", "organisationUnits"),
    ("program", "programs"),
    ("sections", "sections"),
    ("teiSearchOrganisationUnits", "organisationUnits"),
    ("user", "users"),
    ("userGroups", "userGroups"),
    ("userRoles", "userRoles"),
    ("users", "users"),
    ("workflow", "dataApprovalWorkflows"),
];

/// The collection that a member refers to.
pub fn referred(member: &str) -> Option<&'static str> {
    let at = REFERENCES
        .binary_search_by(|(name, _)| (*name).cmp(member))
        .ok()?;
    Some(REFERENCES[at].1).filter(|collection| !collection.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_sorted_and_point_at_known_collections() {
        assert!(REFERENCES.is_sorted());
        for (_, collection) in REFERENCES {
            assert!(
                collection.is_empty() || of(collection).is_some(),
                "{collection}"
            );
        }
    }

    #[test]
    fn a_schema_has_its_names_and_its_sharing() {
        let sets = of("dataSets").unwrap();
        assert_eq!(
            (sets.name, sets.klass),
            ("DataSet", "org.hisp.dhis.dataset.DataSet")
        );
        assert!(sets.shareable && sets.data_shareable);
        assert!(of("dataElements").is_some_and(|s| s.shareable && !s.data_shareable));
        assert!(of("organisationUnits").is_some_and(|s| !s.shareable));
        assert_eq!(of("routes").unwrap().public, "--------");
    }
}
