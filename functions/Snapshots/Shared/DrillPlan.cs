using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>What a restore drill does with one database: decided once, then carried through the state machine unchanged.</summary>
/// <param name="As">The name of what is restored at home, and of the restore's execution: made from the operation and the database, so that a rerun finds it.</param>
/// <param name="RestoreTo">The second, in UTC.</param>
/// <param name="LagSeconds">How far behind the latest restorable second was: so much would have been lost at least, had the database been lost then.</param>
/// <param name="Copy">The copy that is restored too; null when there is none that was proven.</param>
public sealed record DrillPlan(string Database, DatabaseKind Kind, string Engine, string Region, string As, string RestoreTo, double LagSeconds, DrillCopy? Copy);

/// <summary>A proven copy that is restored once more.</summary>
/// <param name="Plan">The database as the restore of a copy takes it, with the copy's snapshot.</param>
/// <param name="Arn">The copy's own.</param>
/// <param name="MeasuredBy">The run that made and proved it: the source's measurements are under its name.</param>
/// <param name="AgeSeconds">How old its data is: what would be lost, had the database been lost with its Region.</param>
public sealed record DrillCopy(DatabasePlan Plan, TargetPlan Target, string Arn, string MeasuredBy, double AgeSeconds);
