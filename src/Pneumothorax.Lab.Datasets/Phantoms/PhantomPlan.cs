using System.Globalization;

namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Who is on which picture, and whether sick: decided before anything is drawn.</summary>
internal static class PhantomPlan
{
    public static IReadOnlyList<PlannedPhantom> Draw(int images, int seed)
    {
        var random = new SeededRandom((uint)seed ^ 0x70_68_61_6E_74_6F_6DUL);
        List<PlannedPhantom> plan = [];
        for (var number = 1; plan.Count < images; number++)
        {
            var patient = Patient.Draw(number, random);
            var ill = random.Chance(0.44);
            var pictures = random.Chance(0.6) ? 1 : 2 + random.Below(2);
            for (var i = 0; i < pictures && plan.Count < images; i++)
                plan.Add(new(plan.Count, seed, patient, Sick: ill && random.Chance(0.88)));
        }
        return plan;
    }
}

internal sealed record PlannedPhantom(int Index, int Seed, Patient Patient, bool Sick)
{
    /// <param name="random">Fresh from the picture's own seed: the chest takes the first draws, the painter the next.</param>
    public Chest Chest(SeededRandom random) => Phantoms.Chest.Draw(Patient, Sick, random);

    public Dictionary<string, string> Attributes(SeededRandom random)
    {
        var chest = Chest(random);
        var known = new Dictionary<string, string>
        {
            [AttributeNames.Patient] = $"phantom-{Patient.Number.ToString("0000", CultureInfo.InvariantCulture)}",
            [AttributeNames.View] = chest.Bedside ? "AP" : "PA",
            [AttributeNames.Sex] = Patient.Female ? "F" : "M",
            [AttributeNames.Age] = Patient.Age.ToString(CultureInfo.InvariantCulture),
            [AttributeNames.Drain] = chest.HasDrain ? "yes" : "no",
        };
        if (chest.Pneumothorax is { } pneumothorax)
        {
            known[AttributeNames.Size] = pneumothorax.Size switch { PneumothoraxSize.Small => "small", PneumothoraxSize.Medium => "medium", _ => "large" };
            known[AttributeNames.Side] = pneumothorax.Lung.IsLeft ? "left" : "right";
        }
        return known;
    }
}
