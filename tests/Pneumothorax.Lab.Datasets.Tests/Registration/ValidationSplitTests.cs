using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Tests.Registration;

public sealed class ValidationSplitTests
{
    [Property]
    public bool Choose_ByPatient_NeverDividesOne(NonEmptyArray<(bool Sick, byte Patient)> rows)
    {
        var (labels, patients) = Columns(rows.Item);

        var (held, rule) = ValidationSplit.Choose(labels, patients);

        var inside = held.Select(patients.Of).ToHashSet();
        var outside = Enumerable.Range(0, labels.Length).Except(held).Select(patients.Of).ToHashSet();
        return !rule.Contains("by patient", StringComparison.Ordinal) || !inside.Overlaps(outside);
    }

    [Property]
    public bool Choose_AnyRows_LeavesSomethingToLearnFromAndRepeats(NonEmptyArray<(bool Sick, byte Patient)> rows)
    {
        var (labels, patients) = Columns(rows.Item);

        var (held, _) = ValidationSplit.Choose(labels, patients);

        return held.Count < labels.Length && held.SequenceEqual(held.Distinct().Order()) && held.SequenceEqual(ValidationSplit.Choose(labels, patients).Rows);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(1000, 375)]
    [InlineData(10, 2)]
    public void Choose_WithoutPatients_KeepsTheShareOfPositives(int images, int positives)
    {
        byte[] labels = [.. Enumerable.Range(0, images).Select(i => (byte)(i < positives ? 1 : 0))];

        var (held, _) = ValidationSplit.Choose(labels, patients: null);

        Assert.Equal(Math.Max(1, Math.Round(positives * 0.2)), held.Count(row => labels[row] == 1));
        Assert.Equal(Math.Round((images - positives) * 0.2), held.Count(row => labels[row] == 0));
    }

    private static (byte[] Labels, AttributeColumn Patients) Columns((bool Sick, byte Patient)[] rows) =>
        ([.. rows.Select(row => (byte)(row.Sick ? 1 : 0))], AttributeColumn.Of("patient", rows.Select(row => $"p{row.Patient % 20}"))!);
}
