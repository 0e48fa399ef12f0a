// The texts beside this file are compiled into the program as `PackageResources`.

/// The templates, as text.
package enum Templates {
  /// What the dispositions of the report mean.
  package static var legend: String { String(decoding: PackageResources.legend_md, as: UTF8.self) }

  /// The report as a page, for `MustacheTemplate`.
  package static var html: String {
    String(decoding: PackageResources.report_html, as: UTF8.self)
  }

  /// Files for continuous integration, for `MustacheTemplate`: `arguments` are those of `validate`, `stackArguments` those
  /// that name the stack, both as words of a shell; `validate` is the command as a value of YAML.
  package static var githubWorkflow: String {
    String(decoding: PackageResources.github_yml, as: UTF8.self)
  }
  package static var gitlabJob: String {
    String(decoding: PackageResources.gitlab_yml, as: UTF8.self)
  }
  package static var preCommitHook: String {
    String(decoding: PackageResources.pre_commit, as: UTF8.self)
  }
}
