namespace Dbre.Infra.Sam;
public static class SamTemplate
{
    public const string FileName = "template.yaml";
    public static string Render(Sources sources) => "";
}
