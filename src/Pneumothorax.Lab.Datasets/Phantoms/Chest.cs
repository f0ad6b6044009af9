namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Everything that decides one picture before it is drawn.</summary>
internal sealed class Chest
{
    public required Patient Patient { get; init; }

    /// <summary>Taken from the front at the bedside (AP) or from behind at the wall stand (PA).</summary>
    public required bool Bedside { get; init; }

    public required Lung Right { get; init; }
    public required Lung Left { get; init; }

    /// <summary>Null in pictures without pneumothorax.</summary>
    public required Pneumothorax? Pneumothorax { get; init; }

    /// <summary>How far heart and trachea are pushed, in units of anatomy.</summary>
    public required double Shift { get; init; }

    public required bool HasDrain { get; init; }

    public static Chest Draw(Patient patient, bool sick, SeededRandom random)
    {
        var bedside = random.Chance(sick ? 0.48 : 0.44);
        var inspiration = Math.Clamp((bedside ? 0.2 : 0.55) + 0.45 * random.Unit(), 0, 1);
        var right = Lung.Draw(left: false, patient, inspiration, random);
        var left = Lung.Draw(left: true, patient, inspiration, random);
        var pneumothorax = sick ? Phantoms.Pneumothorax.Draw(random.Chance(0.5) ? left : right, random) : null;
        return new()
        {
            Patient = patient,
            Bedside = bedside,
            Right = right,
            Left = left,
            Pneumothorax = pneumothorax,
            Shift = (pneumothorax?.Push ?? 0) + random.Between(-0.015, 0.015),
            HasDrain = random.Chance(sick ? 0.55 : 0.06),
        };
    }

    public IReadOnlyList<Lung> Lungs => [Right, Left];
}
