#nullable disable
using System.Text; using System.Text.Json.Nodes; using System.Text.RegularExpressions;
internal static class Prototype { public static void Run(string[] args) {
// usage: gen model.json Namespace ClientBase ServiceTitle out.cs
var m = JsonNode.Parse(File.ReadAllText(args[0])); string ns = args[1], cb = args[2], outp = args[3];
var md = m["metadata"]; var shapes = m["shapes"].AsObject(); var ops = m["operations"].AsObject(); var pag = m["pagination"].AsObject();
string proto = (string)md["protocol"], ver = (string)md["apiVersion"]; bool query = proto == "query", rest = proto == "rest-json", json = !query;
var rename = new Dictionary<string, string>(); var ins = new HashSet<string>(); var outs = new HashSet<string>(); var reqShapes = new Dictionary<string, string>(); var respShapes = new Dictionary<string, string>();
var needW = new HashSet<string>(); var needR = new HashSet<string>(); var members = new HashSet<string>();
foreach (var (n, o) in ops) { // clone top-level shapes per operation: one shape may be the output of several operations and a nested member as well
    if (o["input"] is { } i) { reqShapes[n] = n + "Request"; shapes[n + "Request"] = shapes[(string)i["shape"]].DeepClone(); }
    if (o["output"] is { } u) { respShapes[n] = n + "Response"; shapes[n + "Response"] = shapes[(string)u["shape"]].DeepClone(); } }
IEnumerable<KeyValuePair<string, JsonNode>> Mem(string s) => shapes[s]["members"]?.AsObject() ?? new JsonObject();
void Walk(string s, HashSet<string> set) { if (!set.Add(s)) return; var x = shapes[s];
    foreach (var (_, v) in Mem(s)) Walk((string)v["shape"], set); foreach (var k in new[] { "member", "value" }) if (x[k] is { } v) Walk((string)v["shape"], set); }
foreach (var s in reqShapes.Values) Walk(s, needW); foreach (var s in respShapes.Values) Walk(s, needR);
string Up(string s) => char.ToUpperInvariant(s[0]) + s[1..];
bool IsEnum(string s) => (string)shapes[s]["type"] == "string" && shapes[s]["enum"] != null;
string T(string s, bool item = false) { var x = shapes[s]; var q = item ? "" : "?"; return (string)x["type"] switch {
    "string" or "character" => IsEnum(s) && !item ? Up(s) : "string", "integer" => "int" + q, "long" => "long" + q, "boolean" => "bool" + q, "double" => "double" + q, "float" => "float" + q, "timestamp" => "DateTime" + q, "blob" => "MemoryStream",
    "list" => $"List<{T((string)x["member"]["shape"], true)}>", "map" => $"Dictionary<string, {T((string)x["value"]["shape"], true)}>", "structure" => Up(s), var t => throw new($"type {t}") }; }
var b = new StringBuilder(); void L(string s) => b.Append(s).Append('\n');
// ---- scalar conversions
string QS(string s, string v) => (string)shapes[s]["type"] switch { "string" => IsEnum(s) ? $"StringUtils.FromString((ConstantClass){v})" : v, "integer" => $"StringUtils.FromInt({v})", "long" => $"StringUtils.FromLong({v})", "boolean" => $"StringUtils.FromBool({v})", "double" => $"StringUtils.FromDouble({v})", "float" => $"StringUtils.FromFloat({v})", "timestamp" => $"StringUtils.FromDateTimeToISO8601WithOptionalMs({v})", "blob" => $"StringUtils.FromMemoryStream({v})", var t => throw new(t) };
string QItem(string s) => (string)shapes[s]["type"] == "structure" ? $"(p, n, x) => W{s}(p, n + \".\", x)" : $"(p, n, x) => p[n] = {(IsEnum(s) ? "x" : QS(s, "x"))}";
string QStmt(string s, JsonNode mem, string name, string v, string pre) { var x = shapes[s]; switch ((string)x["type"]) {
    case "structure": return $"if ({v} != null) W{s}(p, {pre}\"{name}.\", {v});";
    case "list": { var it = x["member"]; bool flat = (bool?)x["flattened"] == true; var sep = flat ? "" : "." + ((string)it["locationName"] ?? "member"); if (flat && it["locationName"] is { } ln) name = (string)ln; return $"Q.List(p, {pre}\"{name}\", \"{sep}\", {v}, {QItem((string)it["shape"])});"; }
    case "map": { bool flat = (bool?)x["flattened"] == true; var vs = (string)x["value"]["shape"]; var vn = (string)x["value"]["locationName"] ?? "value"; return $"Q.Map(p, {pre}\"{name}{(flat ? "" : ".entry")}\", \"{(string)x["key"]["locationName"] ?? "key"}\", \"{vn}\", {v}, {QItem(vs)});"; }
    default: return $"if ({v} != null) p[{pre}\"{name}\"] = {QS(s, v)};"; } }
string JV(string s, string v) => (string)shapes[s]["type"] switch { "structure" => $"{{ w.WriteStartObject(); W{s}(w, {v}); w.WriteEndObject(); }}", "string" => $"w.WriteStringValue({v});", "boolean" => $"w.WriteBooleanValue({v});", "timestamp" => $"J.Date(w, {v});", "blob" => $"StringUtils.WriteBase64StringValue(w, {v});", "list" => $"{{ w.WriteStartArray(); foreach (var y in {v}) {{ {JV((string)shapes[s]["member"]["shape"], "y")} }} w.WriteEndArray(); }}", "map" => $"{{ w.WriteStartObject(); foreach (var (k, y) in {v}) {{ w.WritePropertyName(k); {JV((string)shapes[s]["value"]["shape"], "y")} }} w.WriteEndObject(); }}", _ => $"w.WriteNumberValue({v});" };
string JStmt(string s, string name, string v) { var x = shapes[s]; switch ((string)x["type"]) {
    case "list": { var it = (string)x["member"]["shape"]; return $"J.List(w, \"{name}\", {v}, (w, x) => {{ {JV(it, "x")} }});"; }
    case "map": { var it = (string)x["value"]["shape"]; return $"J.Map(w, \"{name}\", {v}, (w, x) => {{ {JV(it, "x")} }});"; }
    default: var vv = T(s).EndsWith('?') ? v + ".Value" : v; return $"if ({v} != null) {{ w.WritePropertyName(\"{name}\"); {JV(s, vv)} }}"; } }
string RS(string s, bool item, string ctx) { var x = shapes[s]; string t = (string)x["type"], n = item ? "" : "Nullable"; return t switch {
    "string" or "character" => $"StringUnmarshaller.Instance.Unmarshall({ctx})", "integer" => $"{n}IntUnmarshaller.Instance.Unmarshall({ctx})", "long" => $"{n}LongUnmarshaller.Instance.Unmarshall({ctx})", "boolean" => $"{n}BoolUnmarshaller.Instance.Unmarshall({ctx})", "double" => $"{n}DoubleUnmarshaller.Instance.Unmarshall({ctx})", "float" => $"{n}FloatUnmarshaller.Instance.Unmarshall({ctx})", "timestamp" => $"{n}DateTimeUnmarshaller.Instance.Unmarshall({ctx})", "blob" => $"MemoryStreamUnmarshaller.Instance.Unmarshall({ctx})",
    "structure" => $"R{s}({ctx})", 
    "list" => json ? $"J.List({ctx}, static (JsonUnmarshallerContext c, ref StreamingUtf8JsonReader r) => {RS((string)x["member"]["shape"], true, ctx)})" : $"X.List({ctx}, \"{(string)x["member"]["locationName"] ?? "member"}\", static c => {RS((string)x["member"]["shape"], true, ctx)})",
    "map" when query => $"X.Map({ctx}, \"{(string)x["key"]["locationName"] ?? "key"}\", \"{(string)x["value"]["locationName"] ?? "value"}\", static c => {RS((string)x["value"]["shape"], true, ctx)})",
    "map" when json => $"J.Map({ctx}, static (JsonUnmarshallerContext c, ref StreamingUtf8JsonReader r) => {RS((string)x["value"]["shape"], true, ctx)})", _ => throw new(s) }; }
var client = $"Amazon{cb}Client"; var exBase = $"Amazon{cb}Exception"; var mn = ns.Split('.')[1];
L($"// <auto-generated>from {Path.GetFileName(args[0])}</auto-generated>\n#nullable disable\n#pragma warning disable CS0108,CS0618");
L("using System; using System.Collections.Generic; using System.IO; using System.Net; using System.Text.Json; using System.Threading; using System.Threading.Tasks;\nusing Amazon; using Amazon.Runtime; using Amazon.Runtime.Internal; using Amazon.Runtime.Internal.Transform; using Amazon.Runtime.Internal.Util; using AwsCompat.Internal;");
L($"using {ns}.Model;\nnamespace {ns}\n{{");
L($"public partial class Amazon{cb}Config : CompatConfig\n{{\n    public static new string ServiceId => \"{md["serviceId"]}\";\n    public Amazon{cb}Config() : base(\"{md["serviceId"]}\", \"{md["signingName"] ?? md["endpointPrefix"]}\", \"{md["endpointPrefix"]}\", \"{ver}\") {{ }}\n}}");
L($"public partial class Amazon{cb}Request : AmazonWebServiceRequest {{ }}");
void Ex(string name, string bas) { L($"public partial class {name} : {bas}\n{{\n    public {name}(string message) : base(message) {{ }}\n    public {name}(string message, Exception innerException) : base(message, innerException) {{ }}\n    public {name}(Exception innerException) : base(innerException.Message, innerException) {{ }}\n    public {name}(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode) : base(message, errorType, errorCode, requestId, statusCode) {{ }}\n    public {name}(string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode) : base(message, innerException, errorType, errorCode, requestId, statusCode) {{ }}\n}}"); }
Ex(exBase, "AmazonServiceException");
// ---- interface + client
L($"public partial interface IAmazon{cb} : IAmazonService, IDisposable\n{{\n    I{mn}PaginatorFactory Paginators {{ get; }}\n    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new Amazon{cb}Config();\n    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials c, ClientConfig f) => new Amazon{cb}Client(c, (Amazon{cb}Config)f);");
foreach (var (n, _) in ops) L($"    Task<{n}Response> {n}Async({n}Request request, CancellationToken cancellationToken = default);");
L("}");
L($"public partial class {client} : AmazonServiceClient, IAmazon{cb}\n{{");
var cfg = $"Amazon{cb}Config";
L($"    static readonly IServiceMetadata _metadata = new Metadata(\"{md["serviceId"]}\");\n    protected override IServiceMetadata ServiceMetadata => _metadata;\n    public {client}() : base(new {cfg}()) {{ }}\n    public {client}(RegionEndpoint region) : base(new {cfg} {{ RegionEndpoint = region }}) {{ }}\n    public {client}({cfg} config) : base(config) {{ }}\n    public {client}(AWSCredentials credentials) : this(credentials, new {cfg}()) {{ }}\n    public {client}(AWSCredentials credentials, RegionEndpoint region) : this(credentials, new {cfg} {{ RegionEndpoint = region }}) {{ }}\n    public {client}(AWSCredentials credentials, {cfg} clientConfig) : base(credentials, clientConfig) {{ }}");
L($"    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) {{ Pipeline.Customize(pipeline); CustomizePipeline(pipeline); }}\n    partial void CustomizePipeline(RuntimePipeline pipeline);\n    public I{mn}PaginatorFactory Paginators => field ??= new {mn}PaginatorFactory(this);");
foreach (var (n, o) in ops) {
    var isn = reqShapes.GetValueOrDefault(n); var osn = respShapes.GetValueOrDefault(n);
    string write = query ? $"(r, v) => {{ Q.Begin(r, \"{n}\", \"{ver}\");{(isn == null ? "" : $" Marshal.W{isn}(r.Parameters, \"\", v);")} Q.Finish(r); }}" : rest ? $"Marshal.Rest{n}"
        : $"(r, v) => {{ r.HttpMethod = \"POST\"; r.ResourcePath = \"/\"; r.Headers[\"X-Amz-Target\"] = \"{md["targetPrefix"]}.{n}\"; r.Headers[\"Content-Type\"] = \"application/x-amz-json-{md["jsonVersion"]}\"; J.Body(r, w => {(isn == null ? "{ }" : $"Marshal.W{isn}(w, v)")}); }}";
    L($"    static readonly InvokeOptions _{n} = new() {{ RequestMarshaller = new Op<{n}Request>(\"{ns}\", {write}), ResponseUnmarshaller = {(query ? $"new XmlOp<{n}Response>({(osn == null ? "null, null" : $"\"{o["output"]["resultWrapper"]}\", Marshal.Fill{osn}")}, Marshal.Error)" : $"new JsonOp<{n}Response>({(osn == null ? "null" : $"Marshal.Fill{osn}")}, Marshal.Error)")} }};");
    L($"    public virtual Task<{n}Response> {n}Async({n}Request request, CancellationToken cancellationToken = default) => InvokeAsync<{n}Response>(request, _{n}, cancellationToken);"); }
L("}");
foreach (var (s, x) in shapes) if (IsEnum(s)) { L($"public class {Up(s)} : ConstantClass\n{{");
    foreach (var e in x["enum"].AsArray()) { var id = string.Concat(Regex.Split((string)e, "[^A-Za-z0-9_]+").Where(p => p != "").Select(Up)); if (char.IsDigit(id[0])) id = "_" + id; L($"    public static readonly {Up(s)} {id} = new(\"{e}\");"); }
    L($"    public {Up(s)}(string value) : base(value) {{ }}\n    public static {Up(s)} FindValue(string value) => FindValue<{Up(s)}>(value);\n    public static implicit operator {Up(s)}(string value) => FindValue(value);\n}}"); }
L($"}}\nnamespace {ns}.Model\n{{");
// ---- models
void Model(string cls, string bas, string s) { L($"public partial class {cls}{(bas == null ? "" : " : " + bas)}\n{{"); if (s != null) foreach (var (k, v) in Mem(s)) { var t = T((string)v["shape"]); var init = t.StartsWith("List<") || t.StartsWith("Dictionary<") ? $" = AWSConfigs.InitializeCollections ? new {t}() : null;" : ""; if (cls.EndsWith("Response") && bas != null && k == "ResponseMetadata") continue; L($"    public {t} {Up(k)} {{ get; set; }}{init}"); } L("}"); }
foreach (var (n, _) in ops) { Model(n + "Request", $"Amazon{cb}Request", reqShapes.GetValueOrDefault(n)); Model(n + "Response", "AmazonWebServiceResponse", respShapes.GetValueOrDefault(n)); }
bool IsEx(string s) => (bool?)shapes[s]["exception"] == true;
string ExName(string s) => s.EndsWith("Exception") ? s : s.EndsWith("Fault") ? s[..^5] + "Exception" : s + "Exception";
foreach (var (s, x) in shapes) if ((string)x["type"] == "structure" && (IsEx(s) || needW.Contains(s) || needR.Contains(s)) && !reqShapes.ContainsValue(s) && (!respShapes.ContainsValue(s))) { if (IsEx(s)) Ex(ExName(s), exBase); else Model(Up(s), null, s); }
// ---- paginators
L($"public partial interface I{mn}PaginatorFactory\n{{"); foreach (var (n, _) in pag) L($"    I{n}Paginator {n}({n}Request request);"); L("}");
L($"public class {mn}PaginatorFactory(IAmazon{cb} client) : I{mn}PaginatorFactory\n{{"); foreach (var (n, _) in pag) L($"    public I{n}Paginator {n}({n}Request request) => new {n}Paginator(client, request);"); L("}");
foreach (var (n, p) in pag) { string i = Up((string)p["input_token"]), o = Up((string)p["output_token"]), k = p["result_key"] is JsonValue jv ? (string)jv : null; string item = k == null ? null : T((string)shapes[respShapes[n]]["members"][k]["shape"])[5..^1];
    if (k != null) k = Up(k);
    L($"public interface I{n}Paginator\n{{\n    IPaginatedEnumerable<{n}Response> Responses {{ get; }}{(k == null ? "" : $"\n    IPaginatedEnumerable<{item}> {k} {{ get; }}")}\n}}");
    L($"internal sealed class {n}Paginator(IAmazon{cb} client, {n}Request request) : IPaginator<{n}Response>, I{n}Paginator\n{{\n    int _used;\n    public IPaginatedEnumerable<{n}Response> Responses => new PaginatedResponse<{n}Response>(this);");
    if (k != null) L($"    public IPaginatedEnumerable<{item}> {k} => new PaginatedResultKeyResponse<{n}Response, {item}>(this, i => i.{k} ?? new List<{item}>());");
    L($"    async IAsyncEnumerable<{n}Response> IPaginator<{n}Response>.PaginateAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)\n    {{\n        if (Interlocked.Exchange(ref _used, 1) != 0) throw new InvalidOperationException(\"Paginator has already been consumed and cannot be reused. Please create a new instance.\");\n        PaginatorUtils.SetUserAgentAdditionOnRequest(request); var token = request.{i};\n        do {{ request.{i} = token; var response = await client.{n}Async(request, cancellationToken).ConfigureAwait(false); token = response.{o}; yield return response; }} while (!string.IsNullOrEmpty(token));\n    }}\n}}"); }
// ---- marshalling
L("internal static class Marshal\n{\n    internal static AmazonServiceException Error(string m, Exception i, ErrorType t, string c, string r, HttpStatusCode s) => c switch\n    {");
foreach (var (s, x) in shapes) if (IsEx(s)) L($"        \"{(string)x["error"]?["code"] ?? s}\" => new {ExName(s)}(m, i, t, c, r, s),");
L($"        _ => new {exBase}(m, i, t, c, r, s)\n    }};");
string Cls(string s) => reqShapes.FirstOrDefault(k => k.Value == s).Key is { } q ? q + "Request" : respShapes.FirstOrDefault(k => k.Value == s).Key is { } u ? u + "Response" : Up(s);
string Loc(string k, JsonNode v) => (string)v["locationName"] ?? k;
foreach (var s in needW.Where(s => (string)shapes[s]["type"] == "structure")) { var body = Mem(s).Where(k => k.Value["location"] == null);
    L(query ? $"    internal static void W{s}(IDictionary<string, string> p, string n, {Cls(s)} v)\n    {{" : $"    internal static void W{s}(Utf8JsonWriter w, {Cls(s)} v)\n    {{");
    foreach (var (k, v) in body) L("        " + (query ? QStmt((string)v["shape"], v, Loc(k, v), "v." + Up(k), "n + ") : JStmt((string)v["shape"], Loc(k, v), "v." + Up(k)))); L("    }"); }
foreach (var s in needR.Where(s => (string)shapes[s]["type"] == "structure")) { var c = Cls(s); var body = Mem(s).Where(k => k.Value["location"] == null).ToList();
    if (query) { if (!respShapes.ContainsValue(s)) L($"    internal static {c} R{s}(XmlUnmarshallerContext c) {{ var o = new {c}(); Fill{s}(c, o); return o; }}");
        L($"    internal static void Fill{s}(XmlUnmarshallerContext c, {c} o) => X.Struct(c, o, static (c, n, o) =>\n    {{\n        switch (n)\n        {{"); foreach (var (k, v) in body) L($"            case \"{Loc(k, v)}\": o.{Up(k)} = {RS((string)v["shape"], false, "c")}; break;"); L("        }\n    });"); }
    else { if (!respShapes.ContainsValue(s)) L($"    internal static {c} R{s}(JsonUnmarshallerContext c, ref StreamingUtf8JsonReader r) {{ c.Read(ref r); if (c.CurrentTokenType == JsonTokenType.Null) return null; var o = new {c}(); Fill{s}(c, ref r, o); return o; }}");
        L($"    internal static void Fill{s}(JsonUnmarshallerContext c, ref StreamingUtf8JsonReader r, {c} o)\n    {{\n        int d = c.CurrentDepth;\n        while (c.ReadAtDepth(d, ref r))\n        {{"); foreach (var (k, v) in body) L($"            if (c.TestExpression(\"{Loc(k, v)}\", d, ref r)) {{ o.{Up(k)} = {RS((string)v["shape"], false, "c, ref r")}; continue; }}"); L("        }\n    }"); } }
if (rest) foreach (var (n, o) in ops) { var s = reqShapes.GetValueOrDefault(n); L($"    internal static void Rest{n}(IRequest r, {n}Request v)\n    {{\n        r.HttpMethod = \"{o["http"]["method"]}\";"); bool qs = false, bd = false;
    if (s != null) foreach (var (k, v) in Mem(s)) { var t = (string)v["shape"]; string ex = v["location"] == null ? null : QS2(t, "v." + Up(k)); switch ((string)v["location"]) {
        case "uri": L($"        if (v.{Up(k)} == null) throw new {exBase}(\"Request object does not have required field {Up(k)} set\");\n        r.AddPathResource(\"{{{Loc(k, v)}}}\", {ex});"); break;
        case "querystring": qs = true; L($"        if (v.{Up(k)} != null) r.Parameters.Add(\"{Loc(k, v)}\", {ex});"); break;
        case "header": L($"        if (v.{Up(k)} != null) r.Headers[\"{Loc(k, v)}\"] = {ex};"); break; case null: bd = true; break; } }
    L($"        r.ResourcePath = \"{o["http"]["requestUri"]}\";"); if (qs) L("        r.UseQueryString = true;"); if (bd) L($"        r.Headers[\"Content-Type\"] = \"application/json\"; J.Body(r, w => W{s}(w, v));"); L("    }"); }
string QS2(string s, string v) => QS(s, v);
L("}\n}"); if (ns == "Amazon.Lambda") { var z = b.ToString().Replace("VpcConfigResponse", "VpcConfigDetail"); z = new Regex("MemoryStream Payload ").Replace(z, "MemoryStream PayloadStream ", 1); z = new Regex("string ClientContext ").Replace(z, "string ClientContextBase64 ", 1).Replace("v.ClientContext", "v.ClientContextBase64").Replace("v.Payload ", "v.PayloadStream ").Replace("v.Payload)", "v.PayloadStream)"); b.Clear().Append(z); }
File.WriteAllText(outp, b.ToString()); Console.WriteLine($"{outp}: {b.ToString().Count(c => c == '\n')} lines, {b.Length} bytes");

}}
