namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>What lies in or on the patient: drains, wires, lines and tubes.</summary>
internal static class Devices
{
    public static void Draw(FloatImage plane, Rasterizer brush, Chest chest, SeededRandom random)
    {
        if (chest.HasDrain) Drain(plane, brush, chest.Pneumothorax?.Lung ?? (random.Chance(0.5) ? chest.Left : chest.Right), random);
        if (random.Chance(chest.Bedside ? 0.65 : 0.08)) Wires(plane, brush, random);
        if (!chest.Bedside) return;
        if (random.Chance(0.35)) CentralLine(plane, brush, chest, random);
        if (random.Chance(0.25)) BreathingTube(plane, brush, chest, random);
    }

    /// <summary>A chest drain: in through the side, up along the wall; one wall of it has a bright stripe.</summary>
    private static void Drain(FloatImage plane, Rasterizer brush, Lung lung, SeededRandom random)
    {
        var sign = lung.IsLeft ? 1 : -1;
        var entry = lung.Wall[(int)(lung.Wall.Length * random.Between(0.55, 0.85))];
        var tip = new Vec(sign * random.Between(0.26, 0.5), random.Between(-0.6, -0.15));
        var line = Curve.Through(
        [
            entry + new Vec(sign * 0.55, random.Between(0.1, 0.35)), entry + new Vec(sign * 0.14, random.Between(-0.02, 0.1)),
            entry + new Vec(-sign * 0.06, -0.06), Vec.Between(entry, tip, 0.6) + new Vec(sign * random.Between(-0.02, 0.08), 0), tip,
        ]);
        var strength = random.Between(0.13, 0.24);
        brush.Stroke(plane, line, 0.024, strength, Profiles.Tube);
        brush.Stroke(plane, Curve.Offset(line, _ => 0.012), 0.006, strength * 1.2, Profiles.Line);
    }

    private static void Wires(FloatImage plane, Rasterizer brush, SeededRandom random)
    {
        for (var wire = 1 + random.Below(4); wire > 0; wire--)
        {
            var pad = new Vec(random.Between(-0.75, 0.75), random.Between(-0.6, 0.6));
            var away = new Vec(pad.X < 0 ? random.Between(-1.3, -0.5) : random.Between(0.5, 1.3), random.Between(0.7, 1.5));
            var line = Curve.Through([pad, Vec.Between(pad, away, 0.3) + new Vec(random.Between(-0.2, 0.2), random.Between(-0.1, 0.1)), Vec.Between(pad, away, 0.7) + new Vec(random.Between(-0.2, 0.2), 0), away]);
            brush.Stroke(plane, line, 0.007, random.Between(0.15, 0.4), Profiles.Line);
            brush.Stroke(plane, [pad, pad + new Vec(0.001, 0)], 0.028, random.Between(0.2, 0.5), random.Chance(0.5) ? Profiles.Tube : Profiles.Rod);
        }
    }

    private static void CentralLine(FloatImage plane, Rasterizer brush, Chest chest, SeededRandom random)
    {
        var side = random.Chance(0.7) ? -1 : 1;
        var line = Curve.Through(
            [new(side * random.Between(0.3, 0.6), -1.1), new(side * 0.24, -0.75), new(side * 0.12, -0.55), new(-0.08 + chest.Shift, -0.35), new(-0.085 + chest.Shift, random.Between(-0.15, 0.1))]);
        brush.Stroke(plane, line, 0.008, random.Between(0.15, 0.3), Profiles.Line);
    }

    private static void BreathingTube(FloatImage plane, Rasterizer brush, Chest chest, SeededRandom random)
    {
        var line = Curve.Through([new(random.Between(-0.05, 0.05), -1.5), new(0, -0.9), new(chest.Shift * 0.5, random.Between(-0.5, -0.36))]);
        brush.Stroke(plane, line, 0.03, 0.16, Profiles.Tube);
        brush.Stroke(plane, Curve.Offset(line, _ => 0.02), 0.006, 0.25, Profiles.Line);
    }
}
