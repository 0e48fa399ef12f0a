// The texts beside this file are compiled into the program as `PackageResources`.

/// The templates, as text.
package enum Templates {
  /// What the dispositions of the report mean.
  package static var legend: String { String(decoding: PackageResources.legend_md, as: UTF8.self) }
}
