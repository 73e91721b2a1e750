/** What the nodes of all grammars are, by type. A type that several grammars use means the same in each. */
export const nodeKinds = {
  function: words(
    `function_declaration function_definition method_declaration method_definition arrow_function function_expression func_literal lambda
    lambda_expression method singleton_method constructor_declaration local_function_statement function_item closure_expression
    anonymous_method_expression anonymous_function generator_function_declaration`,
  ),
  class: words(
    'class_declaration class_definition class interface_declaration module struct_declaration record_declaration type_spec',
  ),
  loop: words(
    `for_statement for_in_statement while_statement do_statement enhanced_for_statement foreach_statement for while until for_expression
    while_expression loop_expression list_comprehension set_comprehension dictionary_comprehension generator_expression for_range_loop`,
  ),
  call: words(
    `call_expression call method_invocation invocation_expression function_call_expression member_call_expression scoped_call_expression
    nullsafe_member_call_expression new_expression object_creation_expression macro_invocation command type_conversion_expression`,
  ),
  condition: words(
    `if_statement if unless if_modifier unless_modifier if_expression elif_clause elsif else_if_clause ternary_expression
    conditional_expression conditional`,
  ),
  catch: words('catch_clause except_clause rescue rescue_modifier except_group_clause'),
  throw: words('throw_statement throw_expression raise_statement'),
  /** What holds statements, one after the other. */
  block: words(
    `program source_file module compilation_unit config_file block statement_block statement_list body_statement block_body then class_body
    declaration_list constructor_body translation_unit compound_statement method_body interface_body do global_statement field_declaration_list`,
  ),
  exit: words(
    `return_statement return return_expression continue_statement continue_expression break_statement break_expression break next
    throw_statement throw_expression raise_statement`,
  ),
  await: words('await_expression await'),
  spawn: words('go_statement'),
  release: words('defer_statement using_statement try_with_resources_statement with_statement'),
  locked: words('synchronized_statement lock_statement'),
  assign: words(
    `variable_declarator assignment_expression assignment keyword_argument short_var_declaration assignment_statement const_spec var_spec
    keyed_element pair public_field_definition field_definition typed_default_parameter default_parameter optional_parameter attribute
    let_declaration const_item static_item field_initializer named_argument property_declaration augmented_assignment variable_assignment
    const_element property_element array_element_initializer init_declarator labeled_statement operator_assignment`,
  ),
  /** Nothing that runs: types, imports, headings of packages. */
  still: words(
    `type_annotation type_arguments type_parameters interface_declaration type_alias_declaration type_parameter_list import_statement
    import_declaration import_from_statement using_directive package_clause package_declaration future_import_statement use_declaration
    formal_parameter_type preproc_include type throws predefined_type generic_type namespace_use_declaration export_clause`,
  ),
  declared: words(
    `variable_declarator function_declaration function_definition method_declaration method_definition method singleton_method
    constructor_declaration local_function_statement function_item class_declaration class_definition class parameter_declaration
    formal_parameter required_parameter optional_parameter parameter typed_parameter typed_default_parameter default_parameter const_spec
    var_spec type_spec field_declaration let_declaration short_var_declaration assignment enhanced_for_statement for_in_statement
    for_statement foreach_statement range_clause for_in_clause catch_formal_parameter block_parameters method_parameters parameters
    inferred_parameters implicit_parameter exception_variable as_pattern_target catch_declaration resource for struct_declaration`,
  ),
  name: words(
    `identifier field_identifier type_identifier property_identifier shorthand_property_identifier shorthand_property_identifier_pattern
    constant instance_variable class_variable global_variable variable_name name package_identifier private_property_identifier simple_symbol
    hash_key_symbol statement_identifier`,
  ),
  text: words(
    `string template_string string_literal interpreted_string_literal raw_string_literal verbatim_string_literal interpolated_string_expression
    string_lit encapsed_string character_literal heredoc_body char_literal rune_literal`,
  ),
  number: words(
    `number integer float int_literal float_literal decimal_integer_literal decimal_floating_point_literal integer_literal real_literal
    numeric_lit number_literal hex_integer_literal`,
  ),
  truth: words('true false boolean_literal bool_lit boolean'),
  nothing: words('null nil none null_literal undefined nullptr None'),
  binary: words('binary_expression binary_operator boolean_operator comparison_operator binary in_expression'),
  annotation: words('annotation marker_annotation attribute decorator attribute_item'),
} as const;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}
