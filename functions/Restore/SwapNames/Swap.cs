namespace Dbre.Functions.Restore;

/// <summary>Who has which name at a moment of the swap.</summary>
/// <param name="Old">What RDS calls the old database, whatever its name.</param>
/// <param name="Restored">The same of the restored one.</param>
/// <param name="OnSource">Who has the name that clients use; null is nobody.</param>
/// <param name="OnAs">Who has the name that the restored database was made with.</param>
/// <param name="OnKept">Who has the name under which the old one is kept.</param>
public sealed record NamesNow(string Old, string Restored, NamedDatabase? OnSource, NamedDatabase? OnAs, NamedDatabase? OnKept)
{
    /// <summary>None of the two is being renamed or otherwise busy.</summary>
    public bool AtRest => new[] { OnSource, OnAs, OnKept }.All(named => named is null || named.Available);
}

/// <summary>What is to be done next about the names.</summary>
public enum SwapStep
{
    /// <summary>The old database gives the name up, and takes that under which it is kept.</summary>
    SetOldAside,

    /// <summary>The restored database takes the name that clients use.</summary>
    GiveNameToRestored,

    /// <summary>The restored database gives the name back.</summary>
    TakeNameFromRestored,

    /// <summary>The old database takes the name again.</summary>
    GiveNameToOld,

    Wait,
    Done,

    /// <summary>Somebody else has the name, or one of the two is gone: nothing is renamed.</summary>
    Stuck,
}

/// <summary>
/// The swap of two names, one renaming at a time. Which database has a name is read from RDS each time, by what RDS calls it and not by the name,
/// so that a swap that was cut short anywhere is continued, or taken back, from where it is.
/// </summary>
public static class Swap
{
    /// <summary>
    /// Seconds between two looks at the names. Clients have no database meanwhile, so it is looked at often; but an hour of it, forward and back,
    /// must fit into the 25,000 events that an execution may have.
    /// </summary>
    public const int LongestPause = 5;

    /// <summary>Forward: the restored database gets the name that clients use.</summary>
    public static SwapStep Next(NamesNow now) => (Who(now, now.OnSource), Who(now, now.OnAs), Who(now, now.OnKept)) switch
    {
        (Holder.Restored, _, Holder.Old) when now.AtRest => SwapStep.Done,
        _ when !now.AtRest => SwapStep.Wait,
        (Holder.Old, Holder.Restored, Holder.Nobody) => SwapStep.SetOldAside,
        (Holder.Nobody, Holder.Restored, Holder.Old) => SwapStep.GiveNameToRestored,

        // RDS shows a renamed database under neither name for a moment.
        (Holder.Nobody, Holder.Restored, Holder.Nobody) or (Holder.Nobody, Holder.Nobody, Holder.Old) => SwapStep.Wait,
        _ => SwapStep.Stuck,
    };

    /// <summary>Back: the old database has its name again, and the restored one its own.</summary>
    public static SwapStep Back(NamesNow now) => (Who(now, now.OnSource), Who(now, now.OnAs), Who(now, now.OnKept)) switch
    {
        (Holder.Old, _, Holder.Nobody) when now.AtRest => SwapStep.Done,
        _ when !now.AtRest => SwapStep.Wait,
        (Holder.Restored, Holder.Nobody, Holder.Old) => SwapStep.TakeNameFromRestored,

        // Whatever became of the restored one, the name must lead to a database.
        (Holder.Nobody, not Holder.Nobody, Holder.Old) => SwapStep.GiveNameToOld,
        (Holder.Nobody, Holder.Nobody, Holder.Old) => SwapStep.GiveNameToOld,
        (Holder.Nobody, _, Holder.Nobody) => SwapStep.Wait,
        _ => SwapStep.Stuck,
    };

    private enum Holder
    {
        Nobody,
        Old,
        Restored,
        Other,
    }

    private static Holder Who(NamesNow now, NamedDatabase? named) =>
        named is null ? Holder.Nobody : named.ResourceId == now.Old ? Holder.Old : named.ResourceId == now.Restored ? Holder.Restored : Holder.Other;
}
