namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>What <c>nvidia-smi</c> says of one GPU. A figure that it does not tell is null.</summary>
/// <param name="Uuid">Such as "GPU-1f2e...".</param>
/// <param name="MemoryUsed">Bytes.</param>
/// <param name="MemoryTotal">Bytes.</param>
/// <param name="Celsius">Temperature of the chip.</param>
/// <param name="Busy">Share of the last moment in which it computed, 0 to 1; not told for a GPU that is divided (MIG).</param>
/// <param name="IsDivided">Into parts with memory of their own, by MIG.</param>
public sealed record GpuReading(int Index, string Uuid, string Name, long? MemoryUsed, long? MemoryTotal, int? Celsius, double? Busy, bool IsDivided);
