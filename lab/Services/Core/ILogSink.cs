namespace Dbre.Lab.Services;

/// <summary>Where functions' lines go: CloudWatch Logs, when the lab has it.</summary>
public interface ILogSink
{
    /// <summary>Appends lines; the group and the stream are made when they are missing, as Lambda makes them.</summary>
    void Write(string account, string region, string group, string stream, DateTimeOffset at, string line);
}
