namespace Dbre.Lab.Services;

/// <summary>Where AWS services put the metrics they publish by themselves: CloudWatch, when the lab has it.</summary>
public interface IMetricSink
{
    /// <summary>Records one value now.</summary>
    /// <param name="namespace"><c>AWS/States</c></param>
    void Record(string account, string region, string @namespace, string name, IReadOnlyDictionary<string, string> dimensions, double value);
}
