namespace Dbre.Lab.Deployment;

/// <summary>Puts what others depend on first, and keeps the given order otherwise.</summary>
internal static class Ordering
{
    /// <exception cref="DeploymentException">Some depend on each other in a circle; they are named.</exception>
    public static IReadOnlyList<string> DependenciesFirst(IEnumerable<string> names, Func<string, IEnumerable<string>> dependenciesOf, string what)
    {
        var ordered = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var name in names)
        {
            Visit(name);
        }

        return ordered;

        void Visit(string name)
        {
            if (done.Contains(name))
            {
                return;
            }

            if (path.Contains(name))
            {
                throw new DeploymentException($"The {what} depend on each other in a circle: {string.Join(" → ", path.SkipWhile(n => n != name).Append(name))}.");
            }

            path.Add(name);
            foreach (var dependency in dependenciesOf(name))
            {
                Visit(dependency);
            }

            path.RemoveAt(path.Count - 1);
            done.Add(name);
            ordered.Add(name);
        }
    }
}
