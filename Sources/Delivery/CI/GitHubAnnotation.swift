import Basics

/// A line that GitHub Actions turns into an annotation of a file.
///
/// Source: docs.github.com, workflow commands; the escapes are those of `actions/toolkit`.
package func gitHubAnnotation(
  _ level: String, file: String?, line: Int?, column: Int?, title: String, _ message: String
) -> String {
  var properties: [String] = []
  if let file { properties.append("file=\(escaped(file, isProperty: true))") }
  if let line { properties.append("line=\(line)") }
  if let column { properties.append("col=\(column)") }
  properties.append("title=\(escaped(title, isProperty: true))")
  return "::\(level) \(properties.joined(separator: ","))::\(escaped(message, isProperty: false))"
}

private func escaped(_ text: String, isProperty: Bool) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "%": result += "%25"
    case "\r": result += "%0D"
    case "\n": result += "%0A"
    case ":" where isProperty: result += "%3A"
    case "," where isProperty: result += "%2C"
    case _ where VisibleText.isHidden(scalar): result += VisibleText.shown(String(scalar))
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
