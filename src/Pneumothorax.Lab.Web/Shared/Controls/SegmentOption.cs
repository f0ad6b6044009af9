namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>One cell of a <see cref="SegmentedControl{T}"/>.</summary>
/// <param name="Value">What choosing it means.</param>
/// <param name="Title">One to three words.</param>
/// <param name="Hint">Why it is off, or what it does; shown on hover.</param>
/// <param name="Enabled">Whether it can be chosen now.</param>
public sealed record SegmentOption<T>(T Value, string Title, string? Hint = null, bool Enabled = true);
